import { Command } from 'commander';
import { createKey, type KeyRequest } from './admin/createKey';
import { createTeam } from './admin/createTeam';
import { print } from './admin/print';
import { ConfigError, loadMongodbConfig } from './config';
import { ApiKeys } from './storage/apiKeys';
import { type Database, openDatabase } from './storage/database';
import { ensureIndexes } from './storage/indexes';
import { Teams } from './storage/teams';

/** The operator's command line: what no key may do. Needs the database only. */
const program = new Command('admin').description('Teams and keys of this Continuo').showHelpAfterError();

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

const team = program.command('team').description('spaces for apps: one does not see the other');
team
  .command('create')
  .requiredOption('--name <name>', 'for people')
  .option('--redirect-url <url>', 'where links may send a browser back to, with all below it; repeatable', collect, [])
  .option('--org <id>', 'an organisation that is there; otherwise the first team’s, or a new one')
  .option('--json', 'print one line of JSON')
  .action((options) => onDatabase(async ({ db }) => print(await createTeam(new Teams(db), options), options)));
team
  .command('list')
  .option('--json', 'print one line of JSON')
  .action((options) => onDatabase(async ({ db }) => print(await new Teams(db).list(), options)));

const key = program.command('key').description('what opens the API');
key
  .command('create')
  .option('--team <id>', 'whose data it opens')
  .option('--management', 'instead: a key of the organisation, for its teams’ webhooks')
  .option('--org <id>', 'whose management key; otherwise the first team’s')
  .option('--label <label>', 'for people', '')
  .option('--scopes <scopes>', 'separated by commas; otherwise all that a team key may do')
  .option('--expires <time>', 'a date such as 2027-01-31, or days from now such as 90d; otherwise never')
  .option('--json', 'print one line of JSON')
  .action((options: KeyRequest & { json?: boolean }) =>
    onDatabase(async ({ db }) => print(await createKey({ teams: new Teams(db), apiKeys: new ApiKeys(db) }, options), options)),
  );
key
  .command('revoke')
  .requiredOption('--id <keyId>', 'as `key create` told it')
  .option('--json', 'print one line of JSON')
  .action((options) =>
    onDatabase(async ({ db }) => print({ keyId: options.id, revoked: await new ApiKeys(db).revoke(null, options.id) }, options)),
  );

async function onDatabase(act: (database: Database) => Promise<void>): Promise<void> {
  const { uri, database: name } = loadMongodbConfig(process.env);
  const database = await openDatabase({ uri, name });
  try {
    await ensureIndexes(database.db);
    await act(database);
  } finally {
    await database.close();
  }
}

if (require.main === module) {
  program.parseAsync().catch((error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    console.error(error instanceof ConfigError ? text : `error: ${text}`);
    process.exitCode = 1;
  });
}
