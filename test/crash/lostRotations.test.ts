import { Connection } from '@temporalio/client';
import { type Engine, startEngine } from '../engine/engine';
import { eventually } from '../engine/eventually';
import { providerOf } from '../engine/provider';
import { runAnew } from '../engine/runAnew';
import { temporalAddress } from '../servers';
import { type ConnectedPerson, connectEverybody, historiesEnded } from './verdict';

/** Dexcom documents no grace for a spent refresh token: an answer lost on its way is a connection lost, and must be told as just that. */
describe('with no grace for spent refresh tokens', () => {
  let engine: Engine;
  let people: ConnectedPerson[];
  let temporal: Connection;

  beforeAll(async () => {
    engine = await startEngine({ interval: '3s', simulator: { people: 4, historyDays: 3, delay: '1s', grace: '0s' } });
    people = await connectEverybody(engine);
    await historiesEnded(engine, people);
    temporal = await Connection.connect({ address: temporalAddress() });
    // Thirty hours of further tries are not for a test.
    await Promise.all(people.map(({ userId }) => runAnew({ engine, temporal }, userId, { refusedRetryMs: [500, 1_000] })));
  }, 240_000);
  afterAll(async () => {
    await temporal?.close();
    await engine?.stop();
  });

  test('a rotation whose answer is dropped ends in needs_reauth(rotation_lost), and the ledger shows that rotation; others go on', async () => {
    const [unlucky, ...lucky] = people;
    if (!unlucky) throw new Error('nobody is there');
    const { control } = engine.simulator;
    await control.addFault({ kind: 'reset', endpoints: ['token'], when: 'after', times: 1, personId: unlucky.person });
    await control.settings({ accessTokenLifeSeconds: 8 });
    // Tokens already out keep their two hours; a refused one makes each connection rotate now.
    for (const { person } of people)
      await control.addFault({ kind: 'status', status: 401, endpoints: ['egvs'], times: 1, personId: person });

    await eventually(async () => expect((await providerOf(engine, unlucky.userId)).status).toBe('error'), { withinMs: 120_000 });
    expect((await providerOf(engine, unlucky.userId)).error_details).toMatchObject({
      error_type: 'token_refresh_failed',
      error_message: 'An answer that renewed the grant was lost on the way',
    });
    const lost = (await control.rotations({ personId: unlucky.person })).filter(({ firstUsedAt }) => firstUsedAt === null);
    expect(lost).toHaveLength(1);

    for (const { userId, person } of lucky) {
      await eventually(async () => expect((await control.rotations({ personId: person })).length).toBeGreaterThan(0));
      expect((await providerOf(engine, userId)).status).toBe('connected');
    }
  });

  test('that is announced once, and a new consent brings the connection back under the same id', async () => {
    const [unlucky] = people;
    if (!unlucky) throw new Error('nobody is there');
    await eventually(() => {
      const told = engine.receiver.distinct('provider.connection.error').map(({ body }) => body.user_id);
      expect(told).toEqual([unlucky.userId]);
    });

    const { connection_id: before } = await providerOf(engine, unlucky.userId);
    await engine.reconnect(unlucky.userId, unlucky.person);
    await eventually(async () =>
      expect(await providerOf(engine, unlucky.userId)).toMatchObject({ status: 'connected', connection_id: before }),
    );
  });
});
