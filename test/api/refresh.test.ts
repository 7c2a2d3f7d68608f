import { randomUUID } from 'node:crypto';
import { refreshConnection } from '../../src/api/routes/user/refreshConnection';
import { openTemporal, type TemporalClient } from '../../src/temporal/client';
import { type ConnectionWorkflows, createConnectionWorkflows } from '../../src/temporal/connectionWorkflows';
import { temporalAddress } from '../servers';
import { sampleConnection } from '../storage/sampleConnection';
import { quick, Script } from '../workflows/script';
import { openStage, type Stage, until } from '../workflows/stage';
import { type Answer, type ApiWorld, type App, openApiWorld } from './apiWorld';

const DAY = 86_400_000;

let world: ApiWorld;
let app: App;

beforeAll(async () => {
  world = await openApiWorld();
  app = await world.newApp();
});
afterAll(() => world?.close());

interface Connected {
  readonly userId: string;
  readonly connectionId: string;
}

/** Nothing works on its workflow, if it has one. */
async function connected(of = { world, app }): Promise<Connected> {
  const userId = await of.app.newUser();
  const { _id: connectionId } = await of.world.services.connections.ensure(sampleConnection({ teamId: of.app.teamId, userId }));
  return { userId, connectionId };
}

const refresh = (userId: string): Promise<Answer> => app.call('POST', `/v2/user/refresh/${userId}?timeout=5`);

const takenOf = (userId: string, of = { world, app }) =>
  of.world.db.collection<{ _id: string; takenAt: number[] }>('refresh_limits').findOne({ _id: `${of.app.teamId}:${userId}` });

describe('eight refreshes an hour', () => {
  test('are had, however many ask at once; the others are told when the next one is', async () => {
    const { userId } = await connected();
    const askedAt = Date.now();
    const answers = await Promise.all(Array.from({ length: 24 }, () => refresh(userId)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(8);
    expect(refused).toHaveLength(16);

    const { takenAt: [oldest = 0, ...others] = [] } = (await takenOf(userId)) ?? {};
    expect(others).toHaveLength(7);
    for (const { headers, body } of refused) {
      const againAt = oldest + 3_600_000;
      const toldMs = Number(headers.get('retry-after')) * 1_000;
      // Never too early: whoever waits as told is served. Nor later than whole seconds make it.
      expect(Date.now() + toldMs).toBeGreaterThanOrEqual(againAt);
      expect(askedAt + toldMs).toBeLessThan(againAt + 1_000);
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

describe('with a worker', () => {
  let stage: Stage;
  let temporal: TemporalClient;
  let workflows: ConnectionWorkflows;
  let worked: ApiWorld;
  let theirs: App;

  beforeAll(async () => {
    stage = await openStage();
    temporal = openTemporal({ address: temporalAddress(), namespace: 'default' });
    workflows = createConnectionWorkflows(temporal.client, { queuePrefix: stage.prefix, policy: quick });
    worked = await openApiWorld({ workflows });
    theirs = await worked.newApp();
  });
  afterAll(() => Promise.all([worked?.close(), temporal?.close(), stage?.close()]));

  /** A connection whose activities the script plays, until `during` is over. */
  async function played(script: Script, during: (ask: () => Promise<Answer>, ids: Connected) => Promise<void>): Promise<void> {
    const { userId, connectionId } = await connected({ world: worked, app: theirs });
    await stage.play({ ...script }, async () => {
      await workflows.ensureRunning({ connectionId, teamId: theirs.teamId, userId });
      await during(() => theirs.call('POST', `/v2/user/refresh/${userId}?timeout=60`), { userId, connectionId });
      await stage.handle(connectionId).terminate();
    });
  }

  /** … and a pull of which is under way until it is released, or `during` is over. */
  async function playedLong(during: (release: () => void, ask: () => Promise<Answer>, ids: Connected) => Promise<void>): Promise<void> {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const script = new Script();
    script.onPull = () => released.then(() => ({}));
    await played(script, async (ask, ids) => {
      try {
        await until('a pull that lasts', () => script.pulls.length > 0);
        await during(release, ask, ids);
      } finally {
        release();
      }
    });
  }

  test('a refresh is done while a backfill runs, which goes on afterwards', async () => {
    const ceiling = Date.now();
    const history = { floor: ceiling - 365 * DAY, ceiling, doneBackTo: ceiling };
    const script = new Script({ liveFrom: ceiling, coveredUntil: ceiling, nextPollAt: ceiling + DAY, backfill: history });
    // A day at a time: there is always more of it.
    script.onPull = async ({ to }) => ({ nextPollAt: ceiling + DAY, doneBackTo: to - DAY });
    await played(script, async (ask) => {
      await until('the backfill', () => script.count('backfill') >= 2);
      expect(script.count('live')).toBe(0);
      const { status, body } = await ask();
      expect([status, body.refreshed_sources]).toEqual([200, ['dexcom_v3/vitals/glucose']]);
      expect(script.count('live')).toBe(1);
      const begun = script.count('backfill');
      await until('more of the backfill', () => script.count('backfill') > begun);
    });
  });

  test('a refresh that its workflow has not ended in time is told as under way', async () => {
    await playedLong(async (_release, _ask, { connectionId }) => {
      const connection = await worked.services.connections.byId(theirs.teamId, connectionId);
      expect(connection && (await refreshConnection(worked.services, connection, 200))).toBe('in_progress');
    });
  });

  test('more refreshes at once than Temporal takes are told to come back, and not counted; once there is room they are served', async () => {
    await playedLong(async (release, ask, { userId, connectionId }) => {
      // Given up by those who asked, and waiting in the workflow all the same.
      await until('a crowd', async () => (await workflows.refresh(connectionId, 200)) === 'crowded');
      const { status, headers, body } = await ask();
      expect([status, headers.get('retry-after'), body]).toEqual([429, '5', { detail: 'Too many refreshes of this user are under way' }]);
      expect(await takenOf(userId, { world: worked, app: theirs })).toMatchObject({ takenAt: [] });

      release();
      await until('room', async () => (await ask()).status === 200);
    });
  });
});
