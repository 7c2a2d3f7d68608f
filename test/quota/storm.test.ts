import { freePort } from '../../local/processes/freePort';
import { slotPlan } from '../../src/quota/slots';
import { createKeyring, parseKeys } from '../../src/security/keyring';
import type { CallSlotDoc } from '../../src/storage/callSlots';
import { type Database, openDatabase } from '../../src/storage/database';
import { DexcomCredentials } from '../../src/storage/dexcomCredentials';
import { type Engine, startEngine } from '../engine/engine';
import { eventually } from '../engine/eventually';
import { allReadings, repeated } from '../engine/judge';
import { providerOf } from '../engine/provider';
import { mongodbUri } from '../servers';

/** Slots of two and a half seconds, ten calls each: seven people want more than that. */
const CALLS_PER_HOUR = 14_400;
const CADENCE_MS = 2_000;
const CROWD = 7;
const RETRY_AFTER_S = 3;
const own = { clientId: 'storm-app', clientSecret: 'storm-secret' };
const PATIENTLY = { withinMs: 110_000 };

interface Connected {
  readonly person: string;
  readonly userId: string;
  readonly clientId: string;
}

/** Two workers, two apps: one has fewer calls than its people want, and later meets 429; the other has enough. */
describe('an app that is short of calls', () => {
  let engine: Engine;
  let database: Database;
  let steady: Connected;
  let crowd: Connected[];
  let metricsPorts: readonly number[];

  beforeAll(async () => {
    metricsPorts = [await freePort(), await freePort()];
    engine = await startEngine({
      interval: `${CADENCE_MS / 1000}s`,
      workers: 2,
      metricsPorts,
      simulator: { people: 1 + CROWD, historyDays: 1, delay: '1s' },
      env: { DEXCOM_CALLS_PER_HOUR: `54000,simulator:${own.clientId}:${CALLS_PER_HOUR}` },
    });
    database = await openDatabase({ uri: mongodbUri(), name: engine.database });
    const [first, ...others] = (await engine.simulator.control.people()).map(({ id }) => id);
    steady = await connect(first ?? '', engine.simulator.clientId);
    await bringOwnApp();
    crowd = await Promise.all(others.map((person) => connect(person, own.clientId)));
  }, 240_000);
  afterAll(async () => {
    await database?.close();
    await engine?.stop();
  });

  const connect = async (person: string, clientId: string): Promise<Connected> => ({
    person,
    clientId,
    userId: await engine.connect(person),
  });

  /** From now on people consent to the team's own app. */
  async function bringOwnApp(): Promise<void> {
    await engine.simulator.control.putApp({ ...own, redirectUris: [`${engine.apiUrl}/v2/link/connect/dexcom_v3`] });
    const credentials = new DexcomCredentials(database.db, createKeyring(parseKeys(`test:${engine.encryptionKey}`)));
    await credentials.put(engine.teamId, 'simulator', { ...own, redirectUri: null });
  }

  const polls = async ({ person, clientId }: Connected, from: number) =>
    engine.simulator.control.calls({ personId: person, clientId, endpoint: 'egvs', from });
  const polledAgain = (somebody: Connected, times: number, from: number) =>
    eventually(async () => expect((await polls(somebody, from)).length).toBeGreaterThanOrEqual(times), PATIENTLY);
  const slotsOf = ({ clientId }: Pick<Connected, 'clientId'>): Promise<CallSlotDoc[]> =>
    database.db
      .collection<CallSlotDoc>('call_budget')
      .find({ app: `simulator:${clientId}` })
      .toArray();

  /** What Dexcom shows by now is stored, once. */
  async function expectAllStored({ person, userId, clientId }: Connected): Promise<void> {
    const shown = await engine.simulator.control.readings(person, { visibleAt: Date.now(), clientId });
    await eventually(
      async () => {
        const ids = (await allReadings(engine, userId)).map(({ record_id }) => record_id);
        expect(repeated(ids)).toEqual([]);
        expect(shown.filter(({ recordId }) => !ids.includes(recordId))).toEqual([]);
      },
      { ...PATIENTLY, everyMs: 1_000 },
    );
  }

  async function expectNobodyInError(): Promise<void> {
    for (const { userId } of crowd) {
      expect(await providerOf(engine, userId)).toMatchObject({ status: 'connected', error_details: null });
    }
    expect(engine.receiver.distinct('provider.connection.error')).toEqual([]);
  }

  /** Lines of both workers' metrics that begin so. */
  async function metrics(begin: string): Promise<string[]> {
    const texts = await Promise.all(metricsPorts.map(async (port) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()));
    return texts.flatMap((text) => text.split('\n')).filter((line) => line.startsWith(begin));
  }

  test('survival 27: keeps to them in all workers, serves everybody in turn, and slows no other app', async () => {
    const from = Date.now();
    await polledAgain(steady, 4, from);
    for (const somebody of crowd) await polledAgain(somebody, 2, from);
    await eventually(async () => expect((await slotsOf(own)).some(({ short }) => short > 0)).toBe(true), PATIENTLY);
    const until = Date.now();

    const { slotMs, calls } = slotPlan(CALLS_PER_HOUR, CADENCE_MS);
    const sent = await engine.simulator.control.calls({ clientId: own.clientId, from, to: until });
    expect(sent.length).toBeLessThanOrEqual(calls * (Math.ceil((until - from) / slotMs) + 2));
    expect((await slotsOf(own)).filter(({ taken }) => taken > calls)).toEqual([]);
    expect((await slotsOf(steady)).filter(({ short, paceMs }) => short > 0 || paceMs > 0)).toEqual([]);
    await expectNobodyInError();
  }, 400_000);

  test('survival 27: waits as long as a 429 asks, in all workers; nobody is in error, and nothing is lost', async () => {
    const { control } = engine.simulator;
    const from = Date.now();
    await control.addFault({ kind: 'status', status: 429, retryAfterSeconds: RETRY_AFTER_S, clientId: own.clientId, times: null });
    await eventually(async () => expect((await control.calls({ clientId: own.clientId, from })).length).toBeGreaterThan(0), PATIENTLY);
    await polledAgain(steady, 3, from);
    await control.clearFaults();
    const refused = (await control.calls({ clientId: own.clientId, from })).filter(({ status }) => status === 429);
    // A closing is met by what each worker has leased in its slot, and by no more.
    const closings = Math.ceil((Date.now() - from) / (RETRY_AFTER_S * 1_000));
    expect(refused.length).toBeLessThanOrEqual(closings * slotPlan(CALLS_PER_HOUR, CADENCE_MS).calls);
    await expectNobodyInError();

    await Promise.all([steady, ...crowd].map(expectAllStored));
    await expectNobodyInError();
  }, 400_000);

  test('an operator sees the calls that were sent, put off and refused, and no activity that failed', async () => {
    const app = `app="simulator:${own.clientId}"`;
    const of = async (name: string): Promise<string[]> =>
      (await metrics(`continuo_dexcom_calls${name}`)).filter((line) => line.includes(app));
    expect((await of('{')).join('\n')).toMatch(/kind="live"/);
    expect((await of('_put_off{')).join('\n')).toMatch(/why="(empty|turn)"/);
    expect((await of('_put_off{')).join('\n')).toMatch(/why="closed"/);
    expect((await of('_refused{')).length).toBeGreaterThan(0);
    expect((await of('_left{')).length).toBeGreaterThan(0);
    expect((await metrics('temporal_activity_execution_failed{')).filter((line) => !line.endsWith(' 0'))).toEqual([]);
  });
});
