import { randomUUID } from 'node:crypto';
import { openTemporal } from '../../src/temporal/client';
import { createConnectionWorkflows } from '../../src/temporal/connectionWorkflows';
import { temporalAddress } from '../servers';
import { sampleConnection } from '../storage/sampleConnection';
import { quick, Script } from '../workflows/script';
import { openStage, until } from '../workflows/stage';
import { type Answer, type ApiWorld, type App, openApiWorld } from './apiWorld';

let world: ApiWorld;
let app: App;

beforeAll(async () => {
  world = await openApiWorld();
  app = await world.newApp();
});
afterAll(() => world?.close());

/** Nothing works on its workflow, if it has one. */
async function connected(of = { world, app }): Promise<{ userId: string; connectionId: string }> {
  const userId = await of.app.newUser();
  const { _id: connectionId } = await of.world.services.connections.ensure(sampleConnection({ teamId: of.app.teamId, userId }));
  return { userId, connectionId };
}

const refresh = (userId: string): Promise<Answer> => app.call('POST', `/v2/user/refresh/${userId}?timeout=5`);

const takenOf = (userId: string) =>
  world.db.collection<{ _id: string; takenAt: number[] }>('refresh_limits').findOne({ _id: `${app.teamId}:${userId}` });

describe('eight refreshes an hour', () => {
  test('are had, however many ask at once; the others are told when the next one is', async () => {
    const { userId } = await connected();
    const answers = await Promise.all(Array.from({ length: 24 }, () => refresh(userId)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(8);
    expect(refused).toHaveLength(16);

    const oldest = (await takenOf(userId))?.takenAt[0] ?? 0;
    for (const { headers, body } of refused) {
      const againAt = oldest + 3_600_000;
      const told = Number(headers.get('retry-after'));
      expect(told).toBeLessThanOrEqual(3_600);
      // Never too early: whoever waits as told is served.
      expect(Date.now() + told * 1_000).toBeGreaterThanOrEqual(againAt);
      expect(body).toEqual({ detail: 'A user is refreshed eight times an hour at most' });
    }
  });

  test('are spent by nothing but refreshes: not by a user who is unknown, or has connected nothing, or a wrong timeout', async () => {
    const userId = await app.newUser();
    expect((await refresh(userId)).status).toBe(400);
    expect((await refresh(randomUUID())).status).toBe(404);
    expect((await app.call('POST', `/v2/user/refresh/${userId}?timeout=61`)).status).toBe(422);
    expect(await takenOf(userId)).toBeNull();
  });
});

test('more refreshes at once than Temporal takes are told to come back, and not counted; once there is room they are served', async () => {
  const stage = await openStage();
  const temporal = openTemporal({ address: temporalAddress(), namespace: 'default' });
  const workflows = createConnectionWorkflows(temporal.client, { queuePrefix: stage.prefix, policy: quick });
  const crowded = await openApiWorld({ workflows });
  try {
    const theirs = await crowded.newApp();
    const { userId, connectionId } = await connected({ world: crowded, app: theirs });
    const ask = (): Promise<Answer> => theirs.call('POST', `/v2/user/refresh/${userId}?timeout=30`);
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const script = new Script();
    script.onPull = () => released.then(() => ({}));

    await stage.play({ ...script }, async () => {
      await workflows.ensureRunning({ connectionId, teamId: theirs.teamId, userId });
      await until('a pull that lasts', () => script.pulls.length > 0);
      // Given up by those who asked, and waiting in the workflow all the same.
      await until('a crowd', async () => (await workflows.refresh(connectionId, 200)) === 'crowded');
      const { status, headers, body } = await ask();
      expect([status, headers.get('retry-after'), body]).toEqual([429, '5', { detail: 'Too many refreshes of this user are under way' }]);
      expect(await crowded.db.collection('refresh_limits').findOne()).toMatchObject({ takenAt: [] });

      release();
      await until('room', async () => (await ask()).status === 200);
      await stage.handle(connectionId).terminate();
    });
  } finally {
    await Promise.all([crowded.close(), temporal.close(), stage.close()]);
  }
});
