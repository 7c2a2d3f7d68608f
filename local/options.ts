import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';

/** More are a matter for machines of their own. */
const MOST_USERS = 1_000;

export interface StartOptions {
  /** How often simulated sensors read, as `10s` or `5m`; without, as at the last start. */
  readonly interval?: string;
  /** A Clarity export. */
  readonly replay?: string;
  readonly replayZone: string;
  readonly historyOnly: boolean;
  readonly demo: boolean;
  /** Simulated people that are connected. */
  readonly users: number;
  readonly json: boolean;
  readonly data: string;
  readonly port?: number;
  readonly temporalPort?: number;
  readonly temporalUiPort?: number;
  readonly databasePort?: number;
  readonly simulatorPort?: number;
  readonly receiverPort?: number;
  readonly pagePort?: number;
}

/** @param argv as `process.argv`; prints what is wrong and exits if something is */
export function readStartOptions(argv: readonly string[]): StartOptions {
  const command = new Command('npm start --')
    .description('Starts everything on this machine: Temporal, database, simulated Dexcom, API, worker, webhook receiver')
    .option('--interval <time>', 'how often simulated sensors read: 10s, 5m', interval)
    .option('--replay <file>', 'the person’s readings are those of this Clarity CSV: 80 % before now, then the rest, again and again', file)
    .option('--replay-zone <zone>', 'IANA time zone of that file’s clock', 'UTC')
    .option('--history-only', 'with --replay: all of it lies before now', false)
    .option('--no-demo', 'only the stack, no user')
    .option('--users <count>', 'so many simulated people are connected', users, 1)
    .option('--json', 'one JSON line when ready, then one per event; all else goes to standard error', false)
    .option('--data <folder>', 'where data, logs and keys are kept', resolve(__dirname, '..', '.continuo'))
    .option('--port <number>', 'of the API', port)
    .option('--temporal-port <number>', 'of Temporal', port)
    .option('--temporal-ui-port <number>', 'of Temporal’s Web UI', port)
    .option('--database-port <number>', 'of the database', port)
    .option('--simulator-port <number>', 'of the simulated Dexcom', port)
    .option('--receiver-port <number>', 'of the webhook receiver', port)
    .option('--page-port <number>', 'of the app’s page', port)
    .allowExcessArguments(false)
    .parse([...argv]);
  const options = command.opts<StartOptions>();
  if (options.historyOnly && options.replay === undefined) command.error("error: option '--history-only' needs '--replay <file>'");
  if (!options.demo && options.users > 1) command.error("error: option '--users' connects people, and '--no-demo' nobody");
  return { ...options, data: resolve(options.data) };
}

function interval(text: string): string {
  const [, amount, unit] = /^(\d{1,4})(s|m|h)$/.exec(text) ?? [];
  const seconds = Number(amount) * (unit === 's' ? 1 : unit === 'm' ? 60 : 3600);
  if (seconds >= 2 && seconds <= 3600) return text;
  throw new InvalidArgumentError(
    'It is a time between 2s and 1h, such as 10s or 5m: sensors count in seconds, and closer readings could count as one.',
  );
}

function file(text: string): string {
  const path = resolve(text);
  if (!existsSync(path)) throw new InvalidArgumentError('There is no such file.');
  return path;
}

function users(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > MOST_USERS)
    throw new InvalidArgumentError(`It is a number of people, 1 to ${MOST_USERS}.`);
  return number;
}

function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > 65_535) throw new InvalidArgumentError('It is a port, 1 to 65535.');
  return number;
}
