import { setTimeout as sleep } from 'node:timers/promises';
import { startDatabase, startTemporal } from '../../local/servers';
import { type Engine, startEngine } from '../engine/engine';
import { eventually } from '../engine/eventually';
import { judged } from './judged';
import { type ConnectedPerson, connectPerson, historiesEnded } from './verdict';

const DOWN_MS = 3_000;

/** Both servers lose power, once while nobody has anything to do and once in the middle of a backfill; API and workers are not restarted. */
describe('Temporal and the database killed, idle and busy', () => {
  let temporal: Awaited<ReturnType<typeof startTemporal>>;
  let database: Awaited<ReturnType<typeof startDatabase>>;
  let engine: Engine;
  const people: ConnectedPerson[] = [];

  beforeAll(async () => {
    [temporal, database] = await Promise.all([startTemporal(), startDatabase()]);
    engine = await startEngine({
      interval: '3s',
      workers: 1,
      simulator: { people: 2, historyDays: 100, delay: '1s', grace: '120s' },
      servers: { temporalAddress: temporal.address, mongodbUri: database.uri },
    });
    const [first, second] = await engine.simulator.control.people();

    for (const server of [temporal, database]) await outage(server);
    people.push(await eventually(() => connectPerson(engine, first?.id ?? '')));
    await historiesEnded(engine, people);

    // Dexcom takes its time, so that history is still being read when they come back.
    const { id } = await engine.simulator.control.addFault({ kind: 'stall', stallMs: 4_000, endpoints: ['egvs'], times: null });
    people.push(await connectPerson(engine, second?.id ?? ''));
    for (const server of [temporal, database]) {
      await sleep(1_500);
      await outage(server);
    }
    expect(engine.receiver.distinct('historical.data.glucose.created')).toHaveLength(1);
    await engine.simulator.control.clearFault(id);
    await historiesEnded(engine, people);
  }, 600_000);
  afterAll(async () => {
    await engine?.stop();
    await Promise.all([temporal?.discard(), database?.discard()]);
  });

  async function outage(server: { kill(): Promise<void>; restart(): Promise<void> }): Promise<void> {
    await server.kill();
    await sleep(DOWN_MS);
    await server.restart();
  }

  judged(() => ({ engine, people }));

  test('while one of them is away the API answers 503 with Retry-After, and recovers without a restart', async () => {
    await database.kill();
    await eventually(async () => {
      const { status, headers } = await fetch(`${engine.apiUrl}/v2/user`, { headers: { 'x-vital-api-key': engine.apiKey } });
      expect({ status, retryAfter: headers.has('retry-after') }).toEqual({ status: 503, retryAfter: true });
    });
    await database.restart();
    await eventually(() => engine.call('GET', '/v2/user'));
  });
});
