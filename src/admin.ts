import { Command } from 'commander';
import { createKey } from './admin/createKey';
import { createTeam } from './admin/createTeam';
import { credentialsIn, listCredentials, removeCredentials, setCredentials } from './admin/credentials';
import { listKeys } from './admin/listKeys';
import { onDatabase } from './admin/onDatabase';
import { onWorkflows } from './admin/onWorkflows';
import { removeEmptyTeam } from './admin/removeEmptyTeam';
import { setTeam } from './admin/setTeam';
import { teamRow } from './admin/teamRow';
import { ConfigError } from './config';
import { IntegrationTeamIdTaken } from './teams/teamStores';

/** The operator's command line: what no key may do. Needs the database; credentials need the encryption keys as well, removing a team these and Temporal. */
const program = new Command('admin').description('Teams, keys and Dexcom apps of this Continuo').showHelpAfterError();

const JSON_LINE = ['--json', 'print one line of JSON'] as const;
const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

const team = program.command('team').description('spaces for apps: one does not see the other');
team
  .command('create')
  .requiredOption('--name <name>', 'for people')
  .option('--redirect-url <url>', 'where links may send a browser back to, with all below it; repeatable', collect, [])
  .option(
    '--org <id>',
    'whose it is, and made if there is none of this id: letters, digits, - and _ in any case; otherwise the first team’s, or a new one',
  )
  .option(...JSON_LINE)
  .action((options) => onDatabase(options, ({ teams }) => createTeam(teams, options)));
team
  .command('list')
  .option(...JSON_LINE)
  .action((options) => onDatabase(options, async ({ teams }) => (await teams.list()).map(teamRow)));
team
  .command('set')
  .description('changes what is said, and nothing else')
  .requiredOption('--id <teamId>')
  .option('--name <name>', 'for people')
  .option('--redirect-url <url>', 'where links may send a browser back to; repeatable, replaces the list', collect)
  .option('--reject-duplicates <yes|no>', 'whether a Dexcom account of another user of the team is refused')
  .option('--push-history <yes|no>', 'whether history is sent as events too')
  .option('--history-days <days|all>', 'how far back first consents reach')
  .option('--integration-id <id|none>', 'the app’s own name for the team')
  .option(...JSON_LINE)
  .action((options) => onDatabase(options, (stores) => setTeam(stores, options)));
team
  .command('remove')
  .description('with its keys, endpoints, credentials and bulk operations; only a team that has no users')
  .requiredOption('--id <teamId>')
  .option(...JSON_LINE)
  .action((options) => onDatabase(options, ({ db }) => onWorkflows(db, (stores) => removeEmptyTeam(stores, options.id))));

const key = program.command('key').description('what opens the API');
key
  .command('create')
  .option('--team <id>', 'whose data it opens')
  .option('--management', 'instead: a key of the organisation, for its teams, keys and webhooks')
  .option('--bind <teamId>', 'a management key for this team only; repeatable', collect)
  .option('--org <id>', 'whose management key; otherwise the first team’s')
  .option('--label <label>', 'for people', '')
  .option('--scopes <scopes>', 'separated by commas; otherwise all that a team key usually may do')
  .option('--expires <time>', 'a date such as 2027-01-31, or days from now such as 90d; otherwise never')
  .option(...JSON_LINE)
  .action((options) => onDatabase(options, (stores) => createKey(stores, options)));
key
  .command('list')
  .description('never with a secret')
  .option('--team <id>', 'its keys only')
  .option(...JSON_LINE)
  .action((options) => onDatabase(options, (stores) => listKeys(stores, options)));
key
  .command('revoke')
  .description('opens nothing any more, after a second at most')
  .requiredOption('--id <keyId>', 'as `key create` told it')
  .option(...JSON_LINE)
  .action((options) =>
    onDatabase(options, async ({ apiKeys }) => ({ keyId: options.id, revoked: await apiKeys.revoke(null, options.id) })),
  );

const credentials = program.command('credentials').description('Dexcom apps that teams brought along');
credentials
  .command('set')
  .description('the client secret is read from standard input')
  .requiredOption('--team <id>')
  .requiredOption('--region <region>', 'us, eu, jp, sandbox or simulator')
  .requiredOption('--client-id <id>')
  .option('--redirect-uri <uri>', 'registered with Dexcom in place of this engine’s own')
  .option(...JSON_LINE)
  .action((options) =>
    onDatabase(options, ({ db, teams }) => setCredentials({ teams, credentials: credentialsIn(db) }, options, process.stdin)),
  );
credentials
  .command('list')
  .requiredOption('--team <id>')
  .option(...JSON_LINE)
  .action((options) => onDatabase(options, ({ db }) => listCredentials(credentialsIn(db), options.team)));
credentials
  .command('remove')
  .description('people consent to the operator’s app again; nobody is disconnected')
  .requiredOption('--team <id>')
  .requiredOption('--region <region>')
  .option(...JSON_LINE)
  .action((options) => onDatabase(options, ({ db }) => removeCredentials(credentialsIn(db), options)));

if (require.main === module) {
  program.parseAsync().catch((error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    console.error(
      error instanceof ConfigError ? text : `error: ${error instanceof IntegrationTeamIdTaken ? '--integration-id: ' : ''}${text}`,
    );
    process.exitCode = 1;
  });
}
