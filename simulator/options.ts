import { Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration, SECOND_MS } from './duration';
import { isZone } from './people/zone';
import { scenarioNames } from './scenarios/readScenario';
import { REGION_NAMES, type RegionName } from './world/regions';

export interface Options {
  readonly port: number;
  readonly host: string;
  readonly state?: string;
  readonly seed: string;
  /** Left out: three, or in a sandbox the sandbox's own alone. */
  readonly people?: number;
  readonly region?: RegionName;
  readonly scenario: readonly string[];
  readonly historyDays: number;
  readonly interval?: number;
  readonly delay?: number;
  readonly grace?: number;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: readonly string[];
  readonly replay?: string;
  readonly replayZone: string;
  readonly historyOnly: boolean;
  readonly clock?: number;
  readonly prerender: boolean;
  readonly untilStdinEnds: boolean;
}

/** @param argv as `process.argv`; prints what is wrong and exits if something is */
export function readOptions(argv: readonly string[]): Options {
  return new Command('simulator')
    .description('A Dexcom of our own: OAuth, v3 endpoints, ledger and faults')
    .option('--port <number>', '0 takes a free one', wholeNumber, 0)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--state <folder>', 'keeps grants, people and ledger over restarts')
    .option('--seed <text>', 'everybody follows from it; only the first start of a state folder reads it', 'continuo')
    .option('--people <count>', 'people who exist from the start, 3 outside of a sandbox', wholeNumber)
    .addOption(
      new Option('--region <name>', 'whose Dexcom this is; only the first start of a state folder reads it').choices([...REGION_NAMES]),
    )
    .option('--scenario <name>', 'a life of simulator/scenarios, repeatable', collectScenario, [])
    .option('--history-days <days>', 'history a new person arrives with', wholeNumber, 90)
    .option('--interval <duration>', 'how often sensors read: 10s, 5m', interval)
    .option('--delay <duration>', 'from measured to visible', duration)
    .option('--grace <duration>', 'how long a spent refresh token still gets its successor', duration)
    .option('--client-id <id>', 'the app', 'continuo')
    .option('--client-secret <secret>', 'its secret', 'simulated-secret')
    .option('--redirect-uri <uri...>', 'registered redirects', ['http://127.0.0.1:3000/v2/link/callback'])
    .option('--replay <file>', 'a Clarity export for one person to tell again')
    .option('--replay-zone <zone>', 'IANA zone of its clock', zoneName, 'UTC')
    .option('--history-only', 'all of it lies before now', false)
    .option('--clock <time>', 'ISO 8601: where simulated time begins; only the first start of a state folder reads it', instant)
    .option('--prerender', 'keep past days serialised, for benchmarks', false)
    .option('--until-stdin-ends', 'stop with whoever started this', false)
    .parse([...argv])
    .opts<Options>();
}

function collectScenario(name: string, earlier: readonly string[]): readonly string[] {
  const names = scenarioNames();
  if (!names.includes(name)) throw new InvalidArgumentError(`There are ${names.join(', ')}.`);
  return [...earlier, name];
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Not a whole number.');
  return Number(text);
}

function instant(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new InvalidArgumentError('Not an ISO 8601 time.');
  return at;
}

function interval(text: string): number {
  const ms = duration(text);
  if (ms < SECOND_MS) throw new InvalidArgumentError('At least 1s.');
  return ms;
}

function zoneName(text: string): string {
  if (!isZone(text)) throw new InvalidArgumentError('Not an IANA time zone.');
  return text;
}

function duration(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
