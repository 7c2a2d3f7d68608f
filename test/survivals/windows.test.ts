import { type ConnectedPerson, expectConnected, expectNewsToldOnce } from '../crash/verdict';
import { type Engine, startEngine } from '../engine/engine';
import { eventually } from '../engine/eventually';
import { allReadings, announced, repeated, visible } from '../engine/judge';
import { providerOf } from '../engine/provider';
import { expectAsLedger, fetchedAgain, polledAgain, somebodyNew, type Wish } from './somebody';
import { storedDays } from './storedDays';
import { readAgain } from './writtenDown';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 86_400_000;
const FOREVER = { times: null };
/** What a real sensor's day and hour are at these sensors' three seconds: all windows of the engine scale, but for the longest. */
const [REAL_DAY, REAL_HOUR] = [864 * SECOND, 36 * SECOND];

/** dexcom-api.md §9, what is asked of Dexcom and when: somebody for each survival, the simulator's ledger as the judge. */
describe('windows', () => {
  let engine: Engine;

  const people = new Map<string, ConnectedPerson>();
  let rangeless: string;

  beforeAll(async () => {
    engine = await startEngine({ interval: '3s', simulator: { people: 0 }, env: { DEXCOM_TIMEOUT: '10s' } });
    // First: it takes the repair of a minute to be connected.
    await engine.simulator.control.addPerson({ id: 'rangeless', historyDays: 40, interval: '3s', delay: '0s' });
    await fault({ kind: 'html', endpoints: ['dataRange'], personId: 'rangeless' });
    ({ user_id: rangeless } = await engine.call<{ user_id: string }>('POST', '/v2/user', { client_user_id: 'rangeless' }));
    await engine.reconnect(rangeless, 'rangeless');
    await Promise.all(EVERYBODY.map(async (wish) => people.set(wish.id, await somebodyNew(engine, wish))));
  });
  afterEach(async () => {
    await engine.simulator.control.clearFaults();
    await engine.simulator.control.settings({ windowEnd: 'exclusive', windowEndAhead: 'accepted', clockSkewSeconds: 0 });
  });
  afterAll(() => engine?.stop());

  const told = ({ userId }: ConnectedPerson) => announced(engine.receiver.distinct('daily.data.glucose.created'), userId);
  const historyTold = ({ userId }: ConnectedPerson) =>
    eventually(() => expect(engine.receiver.distinct('historical.data.glucose.created').map(({ body }) => body.user_id)).toContain(userId));

  /** One of `EVERYBODY`, once so many readings have been told. */
  async function somebody(id: string, least: number): Promise<ConnectedPerson> {
    const connected = people.get(id);
    if (!connected) throw new Error(`${id} is not there`);
    await eventually(() => expect(told(connected).length).toBeGreaterThanOrEqual(least));
    return connected;
  }

  /** Silent people are asked about rarely by themselves. */
  const polledNow = (silent: ConnectedPerson) => polledAgain(engine, silent, 1);

  const calls = ({ person }: ConnectedPerson, endpoint: 'egvs' | 'token' | 'dataRange' | 'devices' | 'alerts') =>
    engine.simulator.control.calls({ personId: person, endpoint });
  const fault = (request: Parameters<Engine['simulator']['control']['addFault']>[0]) => engine.simulator.control.addFault(request);

  test('survival 6: a token is good for 7200 seconds, whatever else the answer says of its end', async () => {
    const plain = await somebody('plain', 1);
    // Milliseconds would be over by then, and a grant that ends after 0 seconds long before.
    await eventually(async () => {
      const all = await calls(plain, 'egvs');
      expect((all.at(-1)?.at ?? 0) - (all[0]?.at ?? 0)).toBeGreaterThan(10 * SECOND);
    });
    expect(await engine.simulator.control.rotations({ personId: 'plain' })).toEqual([]);
    await expectConnected(engine, plain);
  });

  test('survival 7: who consents again is the same connection, and what Dexcom delivers again is neither stored nor told twice', async () => {
    const again = await somebody('again', 1);
    await expectAsLedger(engine, again);
    const { connection_id } = await providerOf(engine, again.userId);
    await engine.reconnect(again.userId, again.person);
    await polledAgain(engine, again, 3);
    expect((await providerOf(engine, again.userId)).connection_id).toBe(connection_id);
    await expectAsLedger(engine, again);
    await expectNewsToldOnce(engine, again);
  });

  test.each(['exclusive', 'inclusive'] as const)(
    'survival 11: windows are 30 days at most and meet without a hole or a double, with an end that is %s',
    async (windowEnd) => {
      await engine.simulator.control.settings({ windowEnd });
      const long = await somebodyNew(engine, { id: `long-${windowEnd}`, historyDays: 95 });
      await historyTold(long);
      await expectAsLedger(engine, long);
      const asked = (await calls(long, 'egvs')).filter(({ status }) => status === 200);
      expect(asked.length).toBeGreaterThan(3);
      expect(asked.filter(({ served }) => served && served.to - served.from > 30 * DAY + SECOND)).toEqual([]);
      expect((await calls(long, 'egvs')).filter(({ status }) => status === 400)).toEqual([]);
    },
  );

  test('survival 12: what comes late is read, by the overlap of each poll and by a sweep further back', async () => {
    const late = await somebody('late', 3);
    const ids: string[] = [];
    // Between two readings, so that none of them is another one's twin: the overlap is a quarter of an hour here, a sweep three.
    for (const ago of [5 * MINUTE, 30 * MINUTE]) {
      const measuredAt = Date.now() - ago + 150 * SECOND;
      await engine.simulator.control.addReading('late', { measuredAt, mgPerDl: 123 });
      const [added] = (await visible(engine, 'late', Date.now(), measuredAt)).filter((reading) => reading.measuredAt === measuredAt);
      ids.push(added?.recordId ?? 'none');
    }
    await eventually(async () => {
      const stored = (await allReadings(engine, late.userId)).map(({ record_id }) => record_id);
      expect(ids.filter((id) => !stored.includes(id))).toEqual([]);
    });
    await expectAsLedger(engine, late);
    expect(repeated(told(late).map(({ record_id }) => record_id))).toEqual([]);
  });

  test('survival 12: what is uploaded from further back than an hourly sweep reads is found by a deep one', async () => {
    const drawer = await somebody('drawer', 0);
    await historyTold(drawer);
    await polledNow(drawer);
    // A receiver out of a drawer: what it kept from nearly thirty days ago, and what it measures now.
    const measured = [Date.now() - 25 * REAL_DAY, Date.now() - 4 * REAL_DAY, Date.now() - SECOND];
    for (const measuredAt of measured) await engine.simulator.control.addReading('drawer', { measuredAt, mgPerDl: 99 });
    await polledNow(drawer);
    await polledNow(drawer);
    await eventually(() => expect(told(drawer).length).toBe(measured.length));
    await expectAsLedger(engine, drawer);
    expect(repeated(told(drawer).map(({ record_id }) => record_id))).toEqual([]);
    const reaches = (await calls(drawer, 'egvs')).flatMap(({ served }) => (served ? [served.to - served.from] : []));
    expect(reaches.filter((reach) => reach > 29 * REAL_DAY && reach < 31 * REAL_DAY).length).toBeGreaterThan(0);
  });

  test('survival 12: every poll reads a day back, one an hour three days', async () => {
    const late = await somebody('late', 3);
    const sweeps = async () =>
      (await calls(late, 'egvs')).filter(({ served }) => served && Math.abs(served.to - served.from - 3 * REAL_DAY) < REAL_DAY / 2);
    await eventually(async () => expect((await sweeps()).length).toBeGreaterThan(0));
    const polls = (await calls(late, 'egvs')).slice(-10);
    expect(polls.filter(({ served }) => served && served.to - served.from < REAL_DAY)).toEqual([]);
    const at = (await sweeps()).map((sweep) => sweep.at);
    expect(at.length).toBeLessThanOrEqual(2 + ((at.at(-1) ?? 0) - (at[0] ?? 0)) / REAL_HOUR);
  });

  test('survival 20: the cursor passes only what is stored, whoever dies with it in hand', async () => {
    const dying = await somebody('dying', 3);
    const { id } = await fault({ kind: 'stall', stallMs: 3_000, when: 'after', endpoints: ['egvs'], personId: 'dying', ...FOREVER });
    const [worker] = engine.workers;
    await eventually(async () => expect((await engine.simulator.control.faults())[0]?.hits).toBeGreaterThan(0));
    await worker?.kill();
    worker?.start();
    await engine.simulator.control.clearFault(id);
    await fetchedAgain(engine, dying);
    await expectAsLedger(engine, dying);
    await expectNewsToldOnce(engine, dying);
  });

  test('survival 29: dataRange is asked at a consent and not again, and no poll waits for it', async () => {
    const ranged = await somebody('ranged', 3);
    // Twice where the first answer took so long that the repair asked too.
    const asked = (await calls(ranged, 'dataRange')).length;
    expect([1, 2]).toContain(asked);
    await polledAgain(engine, ranged, 5);
    expect(await calls(ranged, 'dataRange')).toHaveLength(asked);
    await fault({ kind: 'status', status: 500, endpoints: ['dataRange'], personId: 'ranged', ...FOREVER });
    await polledAgain(engine, ranged, 2);
    await expectAsLedger(engine, ranged);
  });

  test('survival 30: somebody without any data is healthy, writes no day, and is told from the first reading on', async () => {
    const nobody = await somebody('no-data', 0);
    await historyTold(nobody);
    await polledNow(nobody);
    await expectConnected(engine, nobody);
    expect(await allReadings(engine, nobody.userId)).toEqual([]);
    expect(await storedDays(engine, nobody.userId)).toEqual({});
    await engine.simulator.control.addReading('no-data', { measuredAt: Date.now() - SECOND, mgPerDl: 101 });
    await eventually(() => expect(told(nobody).map(({ value_mg_per_dl }) => value_mg_per_dl)).toEqual([101]));
  });

  test('a sweep that finds nothing new writes no day and tells nothing', async () => {
    const quiet = await somebody('quiet', 0);
    await historyTold(quiet);
    await polledNow(quiet);
    const before = await storedDays(engine, quiet.userId);
    expect(Object.keys(before).length).toBeGreaterThan(1);
    const messages = engine.receiver.distinct().filter(({ body }) => body.user_id === quiet.userId).length;
    await polledAgain(engine, quiet, 4);
    expect(await storedDays(engine, quiet.userId)).toEqual(before);
    expect(engine.receiver.distinct().filter(({ body }) => body.user_id === quiet.userId)).toHaveLength(messages);
  });

  test('survival 31: empty, cut, broken and late answers are asked for again, and nobody is the worse for it', async () => {
    const faulty = await somebody('faulty', 3);
    const at = { endpoints: ['egvs' as const], personId: 'faulty' };
    for (const kind of ['empty', 'truncated', 'html', 'cut', 'reset'] as const) await fault({ kind, ...at });
    // Longer than this test: only the client can end it.
    await fault({ kind: 'stall', stallMs: 600_000, ...at });
    await eventually(async () => expect((await engine.simulator.control.faults()).filter(({ hits }) => hits === 0)).toEqual([]), {
      withinMs: 120_000,
    });
    await fetchedAgain(engine, faulty);
    await expectAsLedger(engine, faulty);
    await expectNewsToldOnce(engine, faulty);
    await expectConnected(engine, faulty);
    expect(engine.receiver.distinct('provider.connection.error').filter(({ body }) => body.user_id === faulty.userId)).toEqual([]);
  });

  test.each([-2, 2])(
    'survival 32: a server whose clock is off by %d minutes, and that refuses windows beyond it, loses nothing and stops nobody',
    async (minutes) => {
      const skewed = await somebody('skewed', 3);
      await engine.simulator.control.settings({ clockSkewSeconds: 60 * minutes, windowEndAhead: 'refused' });
      const before = (await calls(skewed, 'egvs')).length;
      const answered = async () => (await calls(skewed, 'egvs')).slice(before + 1).filter(({ status }) => status === 200);
      await eventually(async () => expect((await answered()).length).toBeGreaterThan(2));
      const ends = (await answered()).flatMap(({ served }) => (served ? [served.to - Date.now()] : []));
      // Of a server that is behind no more is asked than it has; one that is ahead is told of as if it were not.
      expect(ends.filter((end) => end > Math.min(0, minutes * MINUTE) + 2 * SECOND)).toEqual([]);
      await expectConnected(engine, skewed);

      await engine.simulator.control.settings({ clockSkewSeconds: 0, windowEndAhead: 'accepted' });
      await expectAsLedger(engine, skewed);
      await expectNewsToldOnce(engine, skewed);
    },
  );

  test('a dataRange that is no answer at first delays a connection and takes none of its history', async () => {
    await expectAsLedger(engine, { person: 'rangeless', userId: rangeless, connectedBetween: [0, Date.now()] });
    const calls = await engine.simulator.control.calls({ personId: 'rangeless', endpoint: 'dataRange' });
    expect(calls.filter(({ faultId }) => faultId !== undefined).length).toBeGreaterThan(0);
  });

  test.each([
    ['fails', { kind: 'status', status: 500 }],
    ['hangs', { kind: 'stall', stallMs: 600_000 }],
  ] as const)('survival 33: what %s beside the readings is in no reading’s way', async (_, wrong) => {
    const late = await somebody('late', 3);
    await fault({ ...wrong, endpoints: ['devices', 'alerts', 'events', 'calibrations'], personId: 'late', ...FOREVER });
    await readAgain(engine, late, { type: 'DexcomUnavailable', at: expect.any(Number) });
    const before = told(late).length;
    await eventually(() => expect(told(late).length).toBeGreaterThan(before + 1));
    await expectAsLedger(engine, late);
    await expectConnected(engine, late);
  });

  test('survival 28: whoever reads regularly is asked for a reading when it is there, and seldom in vain', async () => {
    const plain = await somebody('plain', 10);
    const polls = (await calls(plain, 'egvs')).filter(({ status }) => status === 200);
    const readings = await visible(engine, 'plain', Date.now());
    const appeared = (from: number, to: number): boolean =>
      readings.some(({ visibleAt }) => visibleAt !== null && visibleAt > from && visibleAt <= to);
    const inVain = polls.slice(1).filter(({ at }, n) => !appeared(polls[n]?.at ?? 0, at));
    expect(polls.length).toBeGreaterThan(10);
    // A third on an idle machine at most; late on a busy one, polls meet fewer readings.
    expect(inVain.length).toBeLessThan(polls.length / 2);
  });
});

const EVERYBODY: readonly Wish[] = [
  { id: 'plain' },
  { id: 'again', historyDays: 40 },
  { id: 'late' },
  { id: 'drawer', historyDays: 0, uploadsEvery: '300d' },
  { id: 'dying' },
  { id: 'ranged' },
  { id: 'faulty' },
  { id: 'skewed' },
  { id: 'no-data', historyDays: 0, uploadsEvery: '300d' },
  { id: 'quiet', historyDays: 2, uploadsEvery: '300d' },
];
