import { backlogPolicy } from '../../src/workflows/backlogPolicy';

const FIFTH = 'give or take a fifth';

/** When an endpoint that takes nothing is asked again. */
export function probeTable(): string {
  const { probeAfterMs, probeEveryMs } = backlogPolicy;
  const first = probeAfterMs.map((ms, n) => [`${ordinal(n + 1)} failure`, told(ms)]);
  return table(['after', 'wait'], [...first, ['every further failure', `${told(probeEveryMs)}, ${FIFTH}`]]);
}

/** When a message is tried again that an endpoint refuses while it takes others. */
export function refusalTable(): string {
  const { retryAfterMs } = backlogPolicy;
  const waits = retryAfterMs.map((ms, n) => [ordinal(n + 1), told(ms)]);
  const last = [ordinal(retryAfterMs.length + 1), 'never: `message.attempt.exhausted`'];
  return table(['refusal that counts', `next try after, ${FIFTH}`], [...waits, last]);
}

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [rowOf(header), `|${header.map(() => '---').join('|')}|`, ...rows.map(rowOf)].join('\n');

const rowOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const UNITS = [
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** In the largest unit of which it is a whole number. */
function told(ms: number): string {
  const [unit, unitMs] = UNITS.find(([, unitMs]) => ms % unitMs === 0) ?? ['ms', 1];
  return `${ms / unitMs} ${unit}`;
}

const ordinal = (n: number): string => `${n}${['th', 'st', 'nd', 'rd'][n] ?? 'th'}`;
