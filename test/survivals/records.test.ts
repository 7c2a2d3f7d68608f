import { type ConnectedPerson, expectConnected, expectNewsToldOnce } from '../crash/verdict';
import { type Engine, startEngine } from '../engine/engine';
import { eventually } from '../engine/eventually';
import { allReadings, announced, repeated, visible } from '../engine/judge';
import { providerOf } from '../engine/provider';
import { expectAsLedger, polledAgain, somebodyNew, type Wish } from './somebody';
import { keptRecords, readAgain, shownEvents, standingEvents } from './writtenDown';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** dexcom-api.md §9, what may be the matter with a record: somebody for each survival, the simulator's ledger as the judge. */
describe('records', () => {
  let engine: Engine;

  const people = new Map<string, ConnectedPerson>();
  const begunAt = Date.now();

  beforeAll(async () => {
    engine = await startEngine({ interval: '3s', simulator: { people: 0 } });
    await engine.simulator.control.settings({ order: 'shuffled', recordType: 'plural' });
    await Promise.all(everybody(begunAt).map(async (wish) => people.set(wish.id, await somebodyNew(engine, wish))));
  });
  afterAll(() => engine?.stop());

  const told = (type: 'created' | 'updated', { userId }: ConnectedPerson) =>
    announced(engine.receiver.distinct(`daily.data.glucose.${type}`), userId);

  /** One of `everybody`, once so many readings have been told. */
  async function somebody(id: string, least = 3): Promise<ConnectedPerson> {
    const connected = people.get(id);
    if (!connected) throw new Error(`${id} is not there`);
    await eventually(() => expect(told('created', connected).length).toBeGreaterThan(least));
    return connected;
  }

  /** Halfway between the latest readings that were told: no reading's second, so that what is measured then is nobody's twin. */
  function gaps(connected: ConnectedPerson): [number, number, number] {
    const instants = told('created', connected)
      .map(({ system_time }) => Date.parse(system_time))
      .toSorted((a, b) => a - b);
    const [a = 0, b = 0, c = 0, d = 0] = instants.slice(-4);
    return [Math.floor((a + b) / 2), Math.floor((b + c) / 2), Math.floor((c + d) / 2)];
  }

  /** One reading more, visible from now on, as the ledger knows it. */
  async function measure({ person }: ConnectedPerson, measuredAt: number, mgPerDl: number | null) {
    await engine.simulator.control.addReading(person, { measuredAt, mgPerDl });
    const [added] = (await visible(engine, person, Date.now(), measuredAt)).filter((reading) => reading.measuredAt === measuredAt);
    if (!added) throw new Error('the reading is not there');
    return added;
  }

  async function quarantined({ userId }: ConnectedPerson, query: string) {
    const { connection_id } = await providerOf(engine, userId);
    type Page = { data: { raw: string; reason: string }[]; next_cursor: string | null };
    return engine.call<Page>('GET', `/v2/introspect/quarantine/${connection_id}?${query}`);
  }

  test('survival 13: what phone and receiver both report is one reading with both origins, told once and never flapping', async () => {
    const twins = await somebody('twins', 2);
    const samples = await expectAsLedger(engine, twins);
    expect(samples.filter(({ also_reported }) => also_reported.length === 1).length).toBeGreaterThan(280);
    for (const { device, also_reported } of samples.filter((sample) => sample.also_reported.length > 0))
      expect([device.display_device, also_reported.map(({ display_device }) => display_device)]).toEqual(['iOS', ['receiver']]);

    await polledAgain(engine, twins, 4);
    const later = new Map((await allReadings(engine, twins.userId)).map((sample) => [sample.record_id, sample]));
    for (const sample of samples) expect(later.get(sample.record_id)?.value_mg_per_dl).toBe(sample.value_mg_per_dl);
    expect(repeated(told('created', twins).map(({ record_id }) => record_id))).toEqual([]);
    expect(told('updated', twins)).toEqual([]);
  });

  test('survival 14: changed content of a record is one `updated`, identical content is nothing at all', async () => {
    const revised = await somebody('revised');
    const { recordId, key } = await measure(revised, gaps(revised)[0], 111);
    await eventually(() => expect(told('created', revised).map(({ record_id }) => record_id)).toContain(recordId));
    await engine.simulator.control.reviseReading('revised', key, 222);
    await eventually(() => expect(told('updated', revised).map(({ value_mg_per_dl }) => value_mg_per_dl)).toEqual([222]));
    await polledAgain(engine, revised, 4);
    expect(told('updated', revised).map(({ record_id }) => record_id)).toEqual([recordId]);
    expect(repeated(told('created', revised).map(({ record_id }) => record_id))).toEqual([]);
    await expectAsLedger(engine, revised);
  });

  test('survival 15: an event that is updated or deleted is changed or gone, under its id or a new one, and a tombstone is kept', async () => {
    const [editor, rewriter] = [await somebody('editor', 0), await somebody('rewriter', 0)];
    const expectAsTold = (writer: ConnectedPerson) =>
      eventually(async () => expect(await shownEvents(engine, writer)).toEqual(await standingEvents(engine, writer)));
    await Promise.all([editor, rewriter].map(expectAsTold));
    const written = await keptRecords(engine, editor);
    expect(written.length).toBeGreaterThan(50);

    await engine.simulator.control.changePerson('editor', { eventEdits: 'sameId' });
    await engine.simulator.control.changePerson('rewriter', { eventEdits: 'newId' });
    await Promise.all([editor, rewriter].map((writer) => readAgain(engine, writer)));
    await Promise.all([editor, rewriter].map(expectAsTold));
    const changed = await keptRecords(engine, editor);
    expect(changed.length).toBe(written.length);
    expect(changed.filter(({ deleted }) => deleted).length).toBeGreaterThan(2);
    expect(changed.filter(({ deleted, version }) => version === 2 && !deleted).length).toBeGreaterThan(2);
    expect((await keptRecords(engine, rewriter)).filter(({ deleted }) => deleted).length).toBeGreaterThan(2);

    // What is the same is not written again.
    await readAgain(engine, editor);
    expect(await keptRecords(engine, editor)).toEqual(changed);
  });

  test('survival 15: events that cannot be had are no reading late, and are tried again', async () => {
    const editor = await somebody('editor', 0);
    const { id: faultId } = await engine.simulator.control.addFault({ kind: 'status', status: 503, endpoints: ['events'], times: null });
    const before = told('created', editor).length;
    await readAgain(engine, editor, { type: 'DexcomUnavailable', at: expect.any(Number) });
    await eventually(() => expect(told('created', editor).length).toBeGreaterThan(before));
    await expectConnected(engine, editor);
    await engine.simulator.control.clearFault(faultId);
    await readAgain(engine, editor);
    await eventually(async () => expect(await shownEvents(engine, editor)).toEqual(await standingEvents(engine, editor)));
  });

  test('survival 16: in whatever order records come, the newest is the newest by its time', async () => {
    const anyOrder = await somebody('plain');
    for (const order of ['shuffled', 'oldestFirst'] as const) {
      await engine.simulator.control.settings({ order });
      await polledAgain(engine, anyOrder, 2);
      const samples = await expectAsLedger(engine, anyOrder);
      expect(samples.map(({ system_time }) => system_time)).toEqual(samples.map(({ system_time }) => system_time).toSorted());
    }
  });

  test('survival 17: every form of a time is read, and what Dexcom wrote is not taken for another instant', async () => {
    const [dirty, rough] = [await somebody('dirty-times'), await somebody('rough-times')];
    const takenAt = new Map((await visible(engine, 'dirty-times', Date.now())).map(({ recordId, measuredAt }) => [recordId, measuredAt]));
    const exact = (await expectAsLedger(engine, dirty)).filter(({ record_id }) => takenAt.has(record_id));
    expect(
      exact.filter(({ record_id, system_time }) => Math.abs(Date.parse(system_time) - (takenAt.get(record_id) ?? 0)) >= SECOND),
    ).toEqual([]);
    const samples = [...exact, ...(await expectAsLedger(engine, rough))];
    expect(new Set(samples.map(({ timezone_offset }) => timezone_offset))).toEqual(new Set([offsetIn('America/Los_Angeles')]));
  });

  test('survival 18: systemTime orders, displayTime tells the local clock only: flights, drift and a display that is days off', async () => {
    const now = begunAt;
    const traveller = await somebody('traveller');
    const samples = await expectAsLedger(engine, traveller);
    expect(samples.map(({ system_time }) => system_time)).toEqual(samples.map(({ system_time }) => system_time).toSorted());
    const offsetsIn = (from: number, to: number) => [
      ...new Set(
        samples
          .filter(({ system_time }) => isWithin(Date.parse(system_time), now - from, now - to))
          .map((sample) => sample.timezone_offset),
      ),
    ];
    const [tokyo, kolkata] = [9 * 3_600, 5.5 * 3_600];
    expect([
      offsetsIn(24 * HOUR, 12 * HOUR),
      offsetsIn(12 * HOUR, 9 * HOUR),
      offsetsIn(9 * HOUR, 7 * HOUR),
      offsetsIn(6 * HOUR, 0),
    ]).toEqual([[tokyo], [tokyo], [tokyo], [kolkata]]);
    // The clock as it was shown stays: nobody knows better.
    const shifted = samples.find(({ system_time }) => isWithin(Date.parse(system_time), now - 8 * HOUR, now - 7 * HOUR));
    expect(Date.parse(`${shifted?.display_time?.slice(0, 19)}Z`) - Date.parse(shifted?.system_time ?? '')).toBeCloseTo(
      9 * HOUR - 48 * HOUR,
      -4,
    );
  });

  test('survival 18: the hour that a clock lives twice is two hours', async () => {
    const fallBack = lastFallBack();
    const samples = await expectAsLedger(engine, await somebody('fall-back'));
    const twice = samples.filter(({ system_time }) => isWithin(Date.parse(system_time), fallBack - HOUR, fallBack + HOUR));
    const ledger = (await visible(engine, 'fall-back', Date.now(), fallBack - HOUR)).filter(
      ({ measuredAt }) => measuredAt < fallBack + HOUR,
    );
    expect(twice.length).toBe(ledger.filter(({ mgPerDl }) => mgPerDl !== null).length);
    expect(twice.length).toBeGreaterThan(20);
    expect(new Set(twice.map(({ timezone_offset }) => timezone_offset))).toEqual(new Set([-4 * 3_600, -5 * 3_600]));
  });

  test('survival 19: times a day ahead are quarantined, no readings, and move no cursor: the right ones go on being told', async () => {
    const ahead = await somebody('ahead');
    expect((await quarantined(ahead, 'limit=250')).data.map(({ reason }) => reason)).toContain('systemTime is in the future');
    const [from, to] = [Date.now(), Date.now() + 8 * SECOND];
    await engine.simulator.control.changePerson('ahead', { clockErrors: [{ from, to, system: '25h', display: '25h' }] });
    await eventually(async () => expect(await engine.simulator.control.readings('ahead', { from: from + 24 * HOUR })).not.toEqual([]));
    expect((await allReadings(engine, ahead.userId)).filter(({ system_time }) => Date.parse(system_time) > Date.now() + MINUTE)).toEqual(
      [],
    );
    const before = told('created', ahead).length;
    await eventually(() => expect(told('created', ahead).length).toBeGreaterThan(before + 2));
  });

  test('survival 21: a record that cannot be read is kept with its JSON and reason, counted, and the rest goes through', async () => {
    const broken = await somebody('broken');
    await expectAsLedger(engine, broken);
    const { data, next_cursor } = await quarantined(broken, 'limit=3');
    expect(next_cursor).not.toBeNull();
    const all = (await quarantined(broken, 'limit=250')).data;
    expect(data.length).toBe(3);
    const reasons = new Map(all.map(({ raw, reason }) => [String(JSON.parse(raw).recordId), reason]));
    expect(Object.fromEntries(reasons)).toEqual({
      'broken-time': 'systemTime cannot be read',
      'broken-value': 'value is no glucose value',
      'broken-all': 'systemTime is missing',
      'broken-future': 'systemTime is in the future',
    });
    const { data: users } = await engine.call<{ data: { provider: { dexcom_v3: { glucose: { quarantined: number } } } }[] }>(
      'GET',
      `/v2/introspect/resources?user_id=${broken.userId}`,
    );
    expect(users[0]?.provider.dexcom_v3.glucose.quarantined).toBeGreaterThanOrEqual(all.length);
  });

  test('survivals 22 and 23: words nobody documented are kept as they are, and fields that are missing, null or empty are null', async () => {
    const odd = await somebody('odd-words');
    const samples = await expectAsLedger(engine, odd);
    expect(samples.map(({ trend }) => trend)).toEqual(expect.arrayContaining(['sideways', 'flat', null]));
    expect(samples.map(({ status }) => status)).toEqual(expect.arrayContaining(['ok', null]));
    expect(samples.map(({ device }) => device.display_device)).toContain('watch');
    const transmitters = new Set(samples.map(({ device }) => device.transmitter_id));
    expect(transmitters.has(null)).toBe(true);
    expect(transmitters.has('')).toBe(false);
  });

  test('survival 24: numbers that come as texts are numbers', async () => {
    const texts = await somebody('texts');
    await expectAsLedger(engine, texts);
    expect(told('updated', texts)).toEqual([]);
    expect((await quarantined(texts, 'limit=1')).data).toEqual([]);
  });

  test('survival 25: 39 and 401 are below and above the range, and a reading without a value is neither shown nor told', async () => {
    const extreme = await somebody('extreme');
    const [first, second, third] = gaps(extreme);
    const added = [await measure(extreme, first, 39), await measure(extreme, second, 401), await measure(extreme, third, null)];
    const [low, high, none] = added.map(({ recordId }) => recordId);
    await eventually(() => {
      const ranges = new Map(
        told('created', extreme).map(({ record_id, out_of_range, value_mg_per_dl }) => [record_id, [value_mg_per_dl, out_of_range]]),
      );
      expect([ranges.get(low ?? ''), ranges.get(high ?? '')]).toEqual([
        [39, 'low'],
        [401, 'high'],
      ]);
    });
    const samples = await expectAsLedger(engine, extreme);
    expect(samples.filter(({ record_id }) => record_id === low || record_id === high).map(({ out_of_range }) => out_of_range)).toEqual([
      'low',
      'high',
    ]);
    expect(samples.some(({ record_id }) => record_id === none)).toBe(false);
    expect(told('created', extreme).some(({ record_id }) => record_id === none)).toBe(false);
  });

  test('survival 26: another recordType than the documented one changes nothing', async () => {
    const plural = await somebody('plain');
    await expectAsLedger(engine, plural);
    await expectConnected(engine, plural);
  });

  test('survival 37: a new transmitter is another device of the same person, and no reading is lost or doubled between two', async () => {
    const [sensors, fifteen] = [await somebody('sensors'), await somebody('sensors-15')];
    for (const wearer of [sensors, fifteen]) {
      const samples = await expectAsLedger(engine, wearer);
      const transmitters = new Set(samples.map(({ device }) => device.transmitter_id));
      expect(transmitters.size).toBeGreaterThan(2);
      const devices = await engine.call<{ device_id: string }[]>('GET', `/v2/user/${wearer.userId}/device`);
      expect(new Set(devices.map(({ device_id }) => device_id))).toEqual(transmitters);
    }
    await expectNewsToldOnce(engine, sensors);
  });
});

/** Everybody is served in no order, under names of record types that no documentation has. */
const everybody = (now: number): Wish[] => [
  { id: 'plain' },
  { id: 'revised' },
  { id: 'extreme' },
  { id: 'twins', device: 'g7-ios', interval: '10s', twin: { device: 'g7-receiver' } },
  { id: 'dirty-times', oddities: ['dirtyTimes'], zone: 'America/Los_Angeles' },
  { id: 'rough-times', oddities: ['roughTimes'], zone: 'America/Los_Angeles' },
  {
    id: 'traveller',
    zone: 'Asia/Tokyo',
    device: 'g6-receiver',
    travel: [{ at: now - 6 * HOUR, zone: 'Asia/Kolkata' }],
    clockErrors: [
      { from: now - 12 * HOUR, to: now - 9 * HOUR, display: '-7m' },
      { from: now - 9 * HOUR, to: now - 7 * HOUR, display: '-2d' },
    ],
  },
  {
    id: 'fall-back',
    zone: 'America/New_York',
    device: 'g7-receiver',
    historyDays: Math.ceil((now - lastFallBack()) / (24 * HOUR)) + 1,
  },
  { id: 'editor', interval: '10s', historyDays: 6, records: 'all' },
  { id: 'rewriter', interval: '10s', historyDays: 6, records: 'all' },
  { id: 'ahead', oddities: ['invalidRecords'] },
  { id: 'texts', oddities: ['textNumbers'] },
  { id: 'broken', oddities: ['invalidRecords', 'duplicates'] },
  { id: 'odd-words', oddities: ['strangeWords', 'sparse'] },
  { id: 'sensors', device: 'g7-ios', historyDays: 25 },
  { id: 'sensors-15', device: 'g715-ios', historyDays: 35 },
];

const isWithin = (at: number, from: number, to: number): boolean => at >= from && at < to;

/** Now, seconds. */
function offsetIn(timeZone: string): number {
  const shown = new Date(`${new Date().toLocaleString('sv-SE', { timeZone })}Z`).getTime();
  return Math.round((shown - Date.now()) / MINUTE) * 60;
}

/** When New York's clocks went from 2:00 back to 1:00 the last time. */
function lastFallBack(): number {
  const first = (year: number): number => {
    const november = Date.UTC(year, 10, 1);
    return november + ((7 - new Date(november).getUTCDay()) % 7) * 24 * HOUR + 6 * HOUR;
  };
  const year = new Date().getUTCFullYear();
  return first(year) < Date.now() ? first(year) : first(year - 1);
}
