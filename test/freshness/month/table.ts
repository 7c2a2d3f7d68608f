import { policyFor } from '../../../src/freshness/policy';
import { everybody, MINUTE, type Person } from './people';
import { fixed, learned, slotAnd18 } from './schedules';
import { type Month, percentileOf, type Schedule, watch } from './watch';

/** A person's month by one way of asking. Seconds from visible to asked for; every call, those for tokens and ours for events too, for each reading. */
export interface Outcome {
  readonly person: Person;
  readonly way: string;
  readonly p50: number;
  readonly p99: number;
  readonly calls: number;
}

const policy = policyFor(5 * MINUTE);
const WAYS: readonly (readonly [string, () => Schedule, besidesEveryMs?: number])[] = [
  ['ours', () => learned(policy), policy.recordsEveryMs],
  ['every 15 minutes', () => fixed(15 * MINUTE)],
  ['every 5 minutes', () => fixed(5 * MINUTE)],
  ['in the sensor’s turns and 18 s', slotAnd18],
];

/** Everybody's month, by ours and by what others do: the same numbers in every run. */
export const outcomes = (): readonly Outcome[] =>
  everybody().flatMap((person) =>
    WAYS.map(([way, schedule, besidesEveryMs]) => ({ person, way, ...figuresOf(watch(person, schedule(), policy, besidesEveryMs)) })),
  );

/** A line for each person, a column for each way: p50, p99 and calls. */
export function outcomeTable(all: readonly Outcome[]): readonly (readonly string[])[] {
  const ways = WAYS.map(([way]) => way);
  const names = [...new Set(all.map(({ person }) => person.name))];
  const cell = (name: string, way: string): string => {
    const outcome = all.find(({ person, way: its }) => person.name === name && its === way);
    return outcome ? `${seconds(outcome.p50)} / ${seconds(outcome.p99)} · ${outcome.calls.toFixed(2)}` : '–';
  };
  return [['p50 / p99 · calls per reading', ...ways], ...names.map((name) => [name, ...ways.map((way) => cell(name, way))])];
}

const figuresOf = ({ lateMs, callsPerReading }: Month): Pick<Outcome, 'p50' | 'p99' | 'calls'> => ({
  p50: percentileOf(lateMs, 0.5) / 1000,
  p99: percentileOf(lateMs, 0.99) / 1000,
  calls: callsPerReading,
});

const seconds = (value: number): string => (value < 600 ? `${value.toFixed(0)} s` : `${(value / 60).toFixed(0)} min`);
