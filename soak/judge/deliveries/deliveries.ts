import type { Engine } from '../../../test/engine/engine';
import type { EndpointFleet } from '../../endpoints/endpointFleet';
import { markdownTable } from '../../report/table';
import type { Judge } from '../judge';
import { type EndpointFacts, type EndpointVerdict, judgeEndpoint, takenAgain, WAYS } from './judgeEndpoint';
import type { LoggedTry } from './reasonOf';
import { type SettledEndpoint, settledDeliveries } from './settleDeliveries';
import { attemptsAt, missing } from './standings';
import { tasksGivenUp } from './tasksGivenUp';

/** Every endpoint holds every message it wants: those that came back by push alone, disabled ones once enabled; and repeats have a reason. */
export const deliveries =
  (fleet: EndpointFleet): Judge =>
  async ({ engine }, sitting) => {
    fleet.heal();
    const rest = await settledDeliveries(engine, fleet, sitting);
    const givenUpAt = tasksGivenUp(engine.logFolder);
    const settled: JudgedEndpoint[] = [];
    for (const one of rest) settled.push(await judged(engine, one, givenUpAt));

    const verdicts = settled.map(({ verdict }) => verdict);
    const findings = settled.flatMap(faultsOf);
    return {
      isGood: findings.length === 0,
      tables: [waysTable(verdicts), repeatsTable(verdicts)],
      figures: [
        ['scripted endpoints', settled.length],
        ['of these disabled by their 410, enabled in the end', settled.filter(({ disabled }) => disabled !== null).length],
        ['requests to them', fleet.registered.reduce((all, { endpoint }) => all + endpoint.tried.length, 0)],
        ['of these not verified', sum(verdicts, ({ unverified }) => unverified)],
      ],
      findings,
    };
  };

interface JudgedEndpoint {
  readonly disabled: SettledEndpoint['disabled'];
  readonly verdict: EndpointVerdict;
  /** Ids of what the engine itself says it lacks. */
  readonly lacks: readonly string[];
}

/** With what the engine's log has of each message that came again. */
async function judged(
  engine: Engine,
  { id, disabled, facts }: SettledEndpoint,
  givenUpAt: EndpointFacts['givenUpAt'],
): Promise<JudgedEndpoint> {
  const log = new Map<string, readonly LoggedTry[]>();
  for (const messageId of takenAgain(facts.tried)) log.set(messageId, await attemptsAt(engine, id, messageId));
  return { disabled, verdict: judgeEndpoint({ ...facts, log, givenUpAt }), lacks: await missing(engine, id, facts.judgedAt) };
}

const MOST_NAMED = 5;
const named = (ids: readonly string[]): string => ids.slice(0, MOST_NAMED).join(' ');
const sum = (verdicts: readonly EndpointVerdict[], of: (verdict: EndpointVerdict) => number): number =>
  verdicts.reduce((total, verdict) => total + of(verdict), 0);

function faultsOf({ disabled, verdict, lacks }: JudgedEndpoint): string[] {
  const { name, lost, unwanted, unverified, unexplained } = verdict;
  const lists = { lost, unwanted, 'taken again without a reason': unexplained, 'in the engine’s list of what it lacks': lacks };
  return [
    ...Object.entries(lists).flatMap(([what, ids]) => (ids.length === 0 ? [] : [`${name}: ${what} ${ids.length} (${named(ids)})`])),
    ...(unverified === 0 ? [] : [`${name}: ${unverified} requests not verified`]),
    ...(disabled === null || disabled.reason === 'gone' ? [] : [`${name}: disabled, ${disabled.reason ?? 'no reason'}`]),
  ];
}

function waysTable(verdicts: readonly EndpointVerdict[]): string {
  const row = (name: string, verdicts: readonly EndpointVerdict[]): (string | number)[] => [
    `${name} (${verdicts.length})`,
    sum(verdicts, ({ due }) => due),
    ...WAYS.map((way) => sum(verdicts, ({ ways }) => ways.get(way) ?? 0)),
    sum(verdicts, ({ lost }) => lost.length),
  ];
  const names = [...new Set(verdicts.map(({ name }) => name))];
  return markdownTable(
    ['endpoints', 'messages due', ...WAYS, 'lost'],
    [
      row('all', verdicts),
      ...names.map((name) =>
        row(
          name,
          verdicts.filter((verdict) => verdict.name === name),
        ),
      ),
    ],
  );
}

function repeatsTable(verdicts: readonly EndpointVerdict[]): string {
  const taken = sum(verdicts, (verdict) => verdict.taken);
  const times = new Map<string, number>();
  for (const [reason, count] of verdicts.flatMap(({ repeats }) => [...repeats])) times.set(reason, (times.get(reason) ?? 0) + count);
  const unexplained = sum(verdicts, (verdict) => verdict.unexplained.length);
  const all = unexplained + [...times.values()].reduce((total, count) => total + count, 0);
  const share = (count: number): string => `${((100 * count) / Math.max(1, taken)).toFixed(2)} %`;
  const row = (why: string, count: number): (string | number)[] => [why, count, share(count)];
  return markdownTable(
    ['taken again, because the time before …', 'times', `of ${taken} deliveries`],
    [
      row('all', all),
      ...[...times].toSorted(([, a], [, b]) => b - a).map(([why, count]) => row(why, count)),
      row('no reason', unexplained),
    ],
  );
}
