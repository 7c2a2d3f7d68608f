import { randomUUID } from 'node:crypto';
import { windowsLeft } from '../../src/freshness/backfillWindows';
import { unreadHistory as unread } from '../../src/freshness/unreadHistory';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { type TeamDoc, Teams, teamDefaults } from '../../src/storage/teams';
import { triggerHistoricalPull } from '../../src/sync/triggerHistoricalPull';
import { gatedDb } from './gatedDb';
import { addLate, unreadHistory } from './pullStories';
import { type Person, policy, pullOnce, type SyncWorld, sparsePerson, syncWorld } from './syncWorld';
import { messagesOfType, storedReadings, toldReadings } from './told';

const HOUR = 3_600_000;

let world: SyncWorld;
let person: Person;
const woken: string[] = [];

beforeAll(async () => {
  world = await syncWorld({ people: 1, historyDays: 3, delay: '0s' });
  person = await sparsePerson(world);
});
afterAll(() => world?.close());

const teams = (): Teams => new Teams(world.database.db);
const trigger = async (connection: ConnectionDoc) => {
  const workflows = {
    lookAgain: async (connectionId: string) => {
      woken.push(connectionId);
      return 'told' as const;
    },
  };
  const deps = { connections: world.deps.connections, teams: teams(), workflows };
  return triggerHistoricalPull(deps, await world.connectionNow(connection), randomUUID());
};
const ofTeam = (teamId: string, change: Partial<TeamDoc>): Promise<void> =>
  teams().insert({ ...teamDefaults, _id: teamId, orgId: randomUUID(), name: 'a team', createdAt: 1, updatedAt: 1, ...change });

/** As the workflow would: window by window until nothing is left. */
async function readHistory(connection: ConnectionDoc): Promise<void> {
  const { backfill } = await world.connectionNow(connection);
  for (const window of windowsLeft(backfill, policy.longestWindowMs))
    await pullOnce(world.deps, connection, { purpose: 'backfill', ...window });
}
const completions = (connection: ConnectionDoc) => messagesOfType(world, connection, 'historical.data.glucose.created');

test('each historical pull is told once, however often its end is met: the first consent’s, and each one asked for', async () => {
  const { connection, window } = await unreadHistory(world, person, 12);
  expect(await trigger(connection)).toBe('joined');
  await readHistory(connection);
  await pullOnce(world.deps, connection, window);
  expect(await completions(connection)).toBe(1);

  expect(await trigger(connection)).toBe('started');
  expect(woken).toContain(connection._id);
  expect(await trigger(connection)).toBe('joined');
  expect((await world.connectionNow(connection)).backfill).toMatchObject({ floor: window.from, endedAt: null, windowsDone: 0 });
  await readHistory(connection);
  expect(await completions(connection)).toBe(2);
  expect((await world.connectionNow(connection)).backfill).toMatchObject({ endedAt: expect.any(Number), windowsDone: 1, windowsTotal: 1 });
  expect(await trigger(connection)).toBe('started');
});

test('a late repeat of the pull before does not undo a trigger', async () => {
  const { connection, window } = await unreadHistory(world, person, 12);
  await readHistory(connection);
  const outcomes: string[] = [];
  const triggering = gatedDb(world.database.db, async (_, name) => {
    // It has begun by then.
    if (name.startsWith('glucose_days') && outcomes.length === 0) outcomes.push('', await trigger(connection));
  });
  await pullOnce(world.depsOver(triggering), connection, window);
  expect(outcomes).toEqual(['', 'started']);
  expect((await world.connectionNow(connection)).backfill).toMatchObject({ endedAt: null, windowsDone: 0 });
});

test('what a trigger finds and nobody knew is stored: in silence if it is older than the consent, told if it is younger', async () => {
  const { connection, window } = await unreadHistory(world, person, 12);
  const consentedAt = window.to - 6 * HOUR;
  const { deps } = world;
  await world.database.db
    .collection<{ _id: string }>('connections')
    .updateOne({ _id: connection._id }, { $set: { liveFrom: consentedAt } });
  await readHistory(connection);
  const before = await storedReadings(world, connection);
  const told = await toldReadings(world, connection);
  expect(told.length).toBe(before.filter(({ at }) => at >= consentedAt).length);

  await addLate(world, person, window.from, 111);
  await addLate(world, person, consentedAt, 222);
  await trigger(connection);
  await readHistory(connection);
  expect((await storedReadings({ ...world, deps }, connection)).length).toBe(before.length + 2);
  expect((await toldReadings(world, connection)).slice(told.length)).toMatchObject([{ change: 'created', mgPerDl: 222 }]);
});

test('a team that has history pushed hears of each of its readings once, and of its end', async () => {
  const { connection } = await unreadHistory(world, person, 12);
  const history = { pullId: null, scheduledAt: connection.createdAt, offeredFrom: connection.backfill.floor, pushed: true };
  await world.deps.connections.beginHistory(
    { ...connection },
    history,
    unread({ from: connection.backfill.floor, to: connection.coveredUntil }),
  );
  await readHistory(connection);
  await ofTeam(connection.teamId, { pushHistoricalData: true });
  await trigger(connection);
  await readHistory(connection);

  const told = (await toldReadings(world, connection)).map(({ recordId, change }) => [recordId, change]);
  expect(told.toSorted()).toEqual((await storedReadings(world, connection)).map(({ recordId }) => [recordId, 'created']).toSorted());
  expect(told.length).toBeGreaterThan(10);
  expect(await completions(connection)).toBe(2);
});

test('a trigger reads as far back as the team wants by now', async () => {
  const { connection } = await unreadHistory(world, person, 48);
  await ofTeam(connection.teamId, { pullPreferences: { historicalDaysToPull: 1, written: null } });
  await readHistory(connection);
  await trigger(connection);
  const { backfill, coveredUntil } = await world.connectionNow(connection);
  expect([backfill.floor, backfill.ceiling]).toEqual([coveredUntil - 24 * HOUR, coveredUntil]);
});

test('a trigger that joins a narrower pull has it read as far back as was asked for, whatever that one is in the middle of', async () => {
  const { connection, window } = await unreadHistory(world, person, 48);
  await ofTeam(connection.teamId, { pullPreferences: { historicalDaysToPull: 1, written: null } });
  await readHistory(connection);
  await trigger(connection);
  await world.database.db
    .collection<{ _id: string }>('teams')
    .updateOne({ _id: connection.teamId }, { $set: { 'pullPreferences.historicalDaysToPull': null } });

  const { backfill: narrow } = await world.connectionNow(connection);
  let joined: string | null = null;
  const joining = gatedDb(world.database.db, async (_, name) => {
    if (name.startsWith('glucose_days') && joined === null) {
      joined = '';
      joined = await trigger(connection);
    }
  });
  const reading = pullOnce(world.depsOver(joining), connection, { purpose: 'backfill', from: narrow.floor, to: narrow.ceiling });
  await expect(reading).rejects.toMatchObject({ type: 'Superseded' });
  expect(joined).toBe('joined');
  expect((await world.connectionNow(connection)).backfill).toMatchObject({ floor: window.from, endedAt: null });
  await readHistory(connection);
  expect((await world.connectionNow(connection)).backfill).toMatchObject({ floor: window.from, endedAt: expect.any(Number) });
  expect(await completions(connection)).toBe(2);
});

test('a connection that has ended reads nothing more', async () => {
  const { connection } = await unreadHistory(world, person, 1);
  await readHistory(connection);
  await world.deps.connections.setDesired(connection.teamId, connection._id, 'disconnected');
  expect(await trigger(connection)).toBe('ended');
});
