import { slotPlan } from '../../src/quota/slots';
import { createKeyring, parseKeys } from '../../src/security/keyring';
import { openDatabase } from '../../src/storage/database';
import { DexcomCredentials } from '../../src/storage/dexcomCredentials';
import { type Engine, startEngine } from '../engine/engine';
import { eventually } from '../engine/eventually';
import { allReadings, repeated } from '../engine/judge';
import { providerOf } from '../engine/provider';
import { mongodbUri } from '../servers';

const CALLS_PER_HOUR = 4_800;
const CADENCE_MS = 3_000;
const own = { clientId: 'storm-app', clientSecret: 'storm-secret' };

interface Connected {
  readonly person: string;
  readonly userId: string;
  readonly clientId: string;
}

/** Two workers, two apps: one has fewer calls than its people want, and later meets 429; the other has enough. */
describe('an app that is short of calls', () => {
  let engine: Engine;
  let steady: Connected;
  let crowd: Connected[];

  beforeAll(async () => {
    engine = await startEngine({
      interval: `${CADENCE_MS / 1000}s`,
      workers: 2,
      simulator: { people: 6, historyDays: 1, delay: '1s' },
      env: { DEXCOM_CALLS_PER_HOUR: `54000,simulator:${own.clientId}:${CALLS_PER_HOUR}` },
    });
    const [first, ...others] = (await engine.simulator.control.people()).map(({ id }) => id);
    steady = await connect(first ?? '', engine.simulator.clientId);
    await bringOwnApp();
    crowd = [];
    for (const person of others) crowd.push(await connect(person, own.clientId));
  }, 240_000);
  afterAll(() => engine?.stop());

  const connect = async (person: string, clientId: string): Promise<Connected> => ({
    person,
    clientId,
    userId: await engine.connect(person),
  });

  /** From now on people consent to the team's own app. */
  async function bringOwnApp(): Promise<void> {
    await engine.simulator.control.putApp({ ...own, redirectUris: [`${engine.apiUrl}/v2/link/connect/dexcom_v3`] });
    const { db, close } = await openDatabase({ uri: mongodbUri(), name: engine.database });
    const credentials = new DexcomCredentials(db, createKeyring(parseKeys(`test:${engine.encryptionKey}`)));
    await credentials.put(engine.teamId, 'simulator', { ...own, redirectUri: null });
    await close();
  }

  const polls = async ({ person, clientId }: Connected, from: number) =>
    engine.simulator.control.calls({ personId: person, clientId, endpoint: 'egvs', from });

  /** What Dexcom shows by now is stored, once. */
  async function expectAllStored({ person, userId, clientId }: Connected): Promise<void> {
    const shown = await engine.simulator.control.readings(person, { visibleAt: Date.now(), clientId });
    await eventually(
      async () => {
        const ids = (await allReadings(engine, userId)).map(({ record_id }) => record_id);
        expect(repeated(ids)).toEqual([]);
        expect(shown.filter(({ recordId }) => !ids.includes(recordId))).toEqual([]);
      },
      { withinMs: 120_000, everyMs: 2_000 },
    );
  }

  async function expectNobodyInError(): Promise<void> {
    for (const { userId } of crowd) {
      expect(await providerOf(engine, userId)).toMatchObject({ status: 'connected', error_details: null });
    }
    expect(engine.receiver.distinct('provider.connection.error')).toEqual([]);
  }

  test('survival 27: keeps to them in all workers, serves everybody in turn, and slows no other app', async () => {
    const from = Date.now();
    await eventually(async () => expect((await polls(steady, from)).length).toBeGreaterThan(8), { withinMs: 110_000 });
    for (const somebody of crowd)
      await eventually(async () => expect((await polls(somebody, from)).length).toBeGreaterThan(1), { withinMs: 110_000 });
    const until = Date.now();

    const { slotMs, calls } = slotPlan(CALLS_PER_HOUR, CADENCE_MS);
    const sent = await engine.simulator.control.calls({ clientId: own.clientId, from, to: until });
    expect(sent.length).toBeLessThanOrEqual(calls * (Math.ceil((until - from) / slotMs) + 2));
    const most = Math.max(...(await Promise.all(crowd.map(async (somebody) => (await polls(somebody, from)).length))));
    expect((await polls(steady, from)).length).toBeGreaterThan(most);
    await expectNobodyInError();
  }, 400_000);

  test('survival 27: waits as long as a 429 asks, in all workers; nobody is in error, and nothing is lost', async () => {
    const { control } = engine.simulator;
    const from = Date.now();
    await control.addFault({ kind: 'status', status: 429, retryAfterSeconds: 8, clientId: own.clientId, times: null });
    await eventually(async () => expect((await polls(steady, from)).length).toBeGreaterThan(8), { withinMs: 110_000 });
    const refused = await control.calls({ clientId: own.clientId, from });
    expect(refused.length).toBeGreaterThan(0);
    // A closing is met by what each worker has leased in its slot, and by no more.
    const closings = Math.ceil((Date.now() - from) / 8_000);
    expect(refused.length).toBeLessThanOrEqual(closings * slotPlan(CALLS_PER_HOUR, CADENCE_MS).calls);
    await expectNobodyInError();

    await control.clearFaults();
    for (const somebody of [steady, ...crowd]) await expectAllStored(somebody);
    await expectNobodyInError();
  }, 400_000);
});
