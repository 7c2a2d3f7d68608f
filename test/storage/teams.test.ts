import { randomUUID } from 'node:crypto';
import { createTeam } from '../../src/admin/createTeam';
import type { Database } from '../../src/storage/database';
import { Teams } from '../../src/storage/teams';
import { freshDatabase } from './freshDatabase';

let database: Database;
let teams: Teams;

beforeAll(async () => {
  database = await freshDatabase();
  teams = new Teams(database.db);
});
afterAll(() => database?.close());

describe('a team', () => {
  test('begins with nothing limited, nothing refused and nothing pushed', async () => {
    const { teamId } = await createTeam(teams, { name: 'new', redirectUrl: [] });
    expect(await teams.byId(teamId)).toMatchObject({
      rejectDuplicateConnection: false,
      pushHistoricalData: false,
      pullPreferences: { historicalDaysToPull: null },
      integrationTeamId: null,
      redirectUrls: [],
    });
  });

  test('that an older release wrote reads like a new one', async () => {
    const old = { _id: randomUUID(), orgId: randomUUID(), name: 'old', redirectUrls: ['https://app.example'], createdAt: 1_000 };
    await database.db.collection<typeof old>('teams').insertOne(old);
    const { teamId } = await createTeam(teams, { name: 'new', redirectUrl: [] });
    const [read, made] = [await teams.byId(old._id), await teams.byId(teamId)];
    expect(Object.keys(read ?? {}).sort()).toEqual(Object.keys(made ?? {}).sort());
    expect(read).toMatchObject({ ...old, updatedAt: 1_000 });
  });
});
