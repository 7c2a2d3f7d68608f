import { randomUUID } from 'node:crypto';
import { createKey } from '../../src/admin/createKey';
import { nothingGiven } from '../../src/api/routes/user/fields';
import { ApiKeys } from '../../src/storage/apiKeys';
import { Teams, teamDefaults } from '../../src/storage/teams';
import { Users } from '../../src/storage/users';
import { storedYear } from './storedYear';

let made: Promise<string> | undefined;

/** A key of the stored year's team, the same for every figure of one run; whose year it is, is there too. */
export function yearKey(): Promise<string> {
  made ??= make();
  return made;
}

async function make(): Promise<string> {
  const { world, connection } = await storedYear();
  const { db } = world.database;
  const at = { createdAt: Date.now(), updatedAt: Date.now() };
  const teams = new Teams(db);
  await teams.insert({ ...teamDefaults, _id: connection.teamId, orgId: randomUUID(), name: 'bench', ...at });
  await new Users(db).insert({
    ...at,
    _id: connection.userId,
    teamId: connection.teamId,
    clientUserId: connection.clientUserId,
    ...nothingGiven,
    rev: 1,
    deletion: null,
    settleAt: null,
  });
  const { key } = await createKey({ teams, apiKeys: new ApiKeys(db) }, { team: connection.teamId, label: 'bench' });
  return key;
}
