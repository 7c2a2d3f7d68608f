import type { Plan } from '../plan';
import type { Run } from '../soak';
import type { Struck } from '../strikes/keepStriking';
import { markdownTable } from './table';

/** A run, and what it was run by and on. */
export interface Outcome extends Run {
  readonly plan: Plan;
  readonly people: number;
  readonly command: string;
  /** Machine and servers. */
  readonly where: string;
  /** What was put off and could not be done: no fault of the engine's where it was away for long. */
  readonly notDone: readonly string[];
  /** Processes that ended by themselves and were started again. */
  readonly restarts: number;
}

/** Nothing lost, nothing doubled, nothing that never should be. */
export const isGood = ({ judgements }: Pick<Run, 'judgements'>): boolean => judgements.every((judgement) => judgement.isGood);

/** The report in Markdown. */
export function report(outcome: Outcome): string {
  const { plan, people, command, where, startedAt, lastedMs, judgedMs, struck, notDone, restarts, judgements } = outcome;
  const began = new Date(startedAt).toISOString().slice(0, 16).replace('T', ' ');
  const verdict = isGood(outcome) ? 'Nothing lost, nothing doubled.' : 'Not as it should be.';
  return [
    `\`${command}\`, ${began} UTC, ${where}`,
    '',
    `${people} people, a reading every ${plan.interval}, ${minutes(lastedMs)} of strikes, ${minutes(judgedMs)} to come to rest. **${verdict}**`,
    ...judgements.flatMap(({ tables }) => tables.flatMap((table) => ['', table])),
    '',
    markdownTable(
      ['what', 'how many'],
      [...judgements.flatMap(({ figures }) => figures), ['processes that ended by themselves', restarts]],
    ),
    '',
    markdownTable(['strike', 'times'], timesOf(struck)),
    ...list(
      'Findings',
      judgements.flatMap(({ findings }) => findings),
    ),
    ...list('Not done', notDone),
    '',
  ].join('\n');
}

const list = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', `${title}:`, '', ...lines.map((line) => `- ${line}`)];

function timesOf(struck: readonly Struck[]): [string, number][] {
  const names = [...new Set(struck.map(({ name }) => name))].toSorted();
  return names.map((name) => [name, struck.filter((one) => one.name === name).length]);
}

const minutes = (ms: number): string => `${(ms / 60_000).toFixed(1)} minutes`;
