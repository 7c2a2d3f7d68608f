import { type ConnectedPerson, connectPerson } from '../crash/verdict';
import type { Engine } from '../engine/engine';
import { eventually } from '../engine/eventually';
import { type ApiSample, allReadings, repeated, visible } from '../engine/judge';

/** As the control API takes a person. */
export type Wish = Parameters<Engine['simulator']['control']['addPerson']>[0];

/** Somebody more at the simulated Dexcom, connected through the real pages. */
export async function somebodyNew(engine: Engine, wish: Wish): Promise<ConnectedPerson> {
  await engine.simulator.control.addPerson({ historyDays: 1, interval: '3s', delay: '0s', ...wish });
  return connectPerson(engine, wish.id);
}

/** Until the app has been told that this person's history has been read. */
const historyTold = (engine: Engine, { userId }: ConnectedPerson, withinMs: number): Promise<void> =>
  eventually(() => expect(engine.receiver.distinct('historical.data.glucose.created').map(({ body }) => body.user_id)).toContain(userId), {
    withinMs,
  });

/** All that is stored of somebody, once it is what the ledger says can be seen: each record with a value once, as it stands. @returns the readings */
export async function expectAsLedger(engine: Engine, connected: ConnectedPerson, withinMs = 120_000): Promise<ApiSample[]> {
  const { person, userId } = connected;
  // Costs nothing to ask, while the question below reads all there is, and would slow down a history under way.
  await historyTold(engine, connected, withinMs);
  const due = await visible(engine, person, Date.now());
  return eventually(
    async () => {
      const samples = await allReadings(engine, userId);
      const now = new Map((await visible(engine, person, Date.now())).map((reading) => [reading.recordId, reading.mgPerDl]));
      const shown = new Map(samples.map((sample) => [sample.record_id, sample.value_mg_per_dl]));
      const hidden = new Set(samples.flatMap(({ also_reported }) => also_reported.map(({ record_id }) => record_id)));

      expect(
        repeated(samples.flatMap(({ record_id, also_reported }) => [record_id, ...also_reported.map((twin) => twin.record_id)])),
      ).toEqual([]);
      expect([...shown, ...[...hidden].map((id) => [id] as const)].filter(([id]) => !now.has(id))).toEqual([]);
      const measured = due.filter(({ mgPerDl, recordId }) => mgPerDl !== null && !hidden.has(recordId));
      expect(measured.length).toBeGreaterThan(0);
      expect(measured.filter(({ recordId }) => shown.get(recordId) !== now.get(recordId)).map(({ systemTime }) => systemTime)).toEqual([]);
      return samples;
    },
    { withinMs, everyMs: 1_000 },
  );
}

/** How many fetches of readings Dexcom has answered well. */
const fetches = async (engine: Engine, { person }: ConnectedPerson): Promise<number> =>
  (await engine.simulator.control.calls({ personId: person, endpoint: 'egvs' })).filter(({ status, dropped }) => status === 200 && !dropped)
    .length;

/** So many polls more, asked for: none waits for its sensor. @param times at most eight an hour of one person */
export async function polledAgain(engine: Engine, somebody: ConnectedPerson, times: number): Promise<void> {
  const before = await fetches(engine, somebody);
  // A busy machine may answer 503: to be tried again.
  for (let n = 0; n < times; n++) await eventually(() => engine.call('POST', `/v2/user/refresh/${somebody.userId}?timeout=60`));
  await eventually(async () => expect(await fetches(engine, somebody)).toBeGreaterThanOrEqual(before + times));
}

/** Until somebody's readings have been fetched so many more times, by themselves. */
export async function fetchedAgain(engine: Engine, somebody: ConnectedPerson, times = 2): Promise<void> {
  const before = await fetches(engine, somebody);
  await eventually(async () => expect(await fetches(engine, somebody)).toBeGreaterThanOrEqual(before + times));
}
