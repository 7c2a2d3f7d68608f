import { startTemporal } from '../../local/servers';
import { type Engine, startEngine } from '../engine/engine';
import { eventually } from '../engine/eventually';
import { visible } from '../engine/judge';
import { providerOf } from '../engine/provider';
import { mongodbUri } from '../servers';
import { judged } from './judged';
import { type ConnectedPerson, connectEverybody, historiesEnded } from './verdict';

/** Everything Temporal knew is deleted, its schedule too: MongoDB alone says what goes on. The API is not restarted, the worker is. */
describe('all of Temporal’s data deleted', () => {
  let temporal: Awaited<ReturnType<typeof startTemporal>>;
  let engine: Engine;
  let running: ConnectedPerson;
  let paused: ConnectedPerson;
  let disconnected: ConnectedPerson;

  const wish = (method: string, { userId }: ConnectedPerson, what = '') => engine.call(method, `/v2/user/${userId}/dexcom_v3${what}`);

  beforeAll(async () => {
    temporal = await startTemporal();
    engine = await startEngine({
      interval: '3s',
      simulator: { people: 3, historyDays: 1, delay: '0s' },
      servers: { temporalAddress: temporal.address, mongodbUri: mongodbUri() },
    });
    const [one, other, third] = await connectEverybody(engine);
    if (!one || !other || !third) throw new Error('not three people');
    [running, paused, disconnected] = [one, other, third];
    await historiesEnded(engine, [running, paused, disconnected]);
    await wish('POST', paused, '/pause');
    await wish('DELETE', disconnected);

    await Promise.all(engine.workers.map((worker) => worker.stop()));
    await temporal.discard();
    temporal = await startTemporal({ port: Number(temporal.address.split(':').at(-1)) });
    for (const worker of engine.workers) worker.start();
  }, 300_000);
  afterAll(async () => {
    await engine?.stop();
    await temporal?.discard();
  });

  /** What was measured from now on has come to the app. */
  async function goesOn({ person, userId }: ConnectedPerson): Promise<void> {
    const since = Date.now();
    await eventually(
      async () => {
        const [reading] = await visible(engine, person, Date.now(), since);
        const told = engine.receiver.distinct('daily.data.glucose.created').filter(({ body }) => body.user_id === userId);
        expect(told.some(({ body }) => JSON.stringify(body).includes(reading?.recordId ?? 'none yet'))).toBe(true);
      },
      { withinMs: 180_000 },
    );
  }

  test('a connection that was running goes on', () => goesOn(running), 200_000);

  test('one that was paused stays so, and goes on once it is resumed', async () => {
    expect(await providerOf(engine, paused.userId)).toMatchObject({ status: 'paused', life: { state: 'paused', reason: 'request' } });
    await wish('POST', paused, '/resume');
    await goesOn(paused);
  }, 200_000);

  test('one that was disconnected stays so, and that was told once', async () => {
    expect(await engine.call('GET', `/v2/user/providers/${disconnected.userId}`)).toEqual({ providers: [] });
    await eventually(() => {
      const told = engine.receiver.distinct('provider.connection.disconnected');
      expect(told.map(({ body }) => [body.user_id, body.data.reason])).toEqual([[disconnected.userId, 'request']]);
    });
  });

  judged(() => ({ engine, people: [running, paused] }));
});
