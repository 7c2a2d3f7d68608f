import { parseDuration } from './duration';

/** Fields that hold instants; a person may well be called `now-2d`. */
const INSTANTS: readonly string[] = ['at', 'from', 'to', 'until', 'measuredAt', 'visibleAt'];

/**
 * Instants told by their distance, `now`, `now-2d`, `now+36h`, anywhere in a JSON value.
 * @param now Unix milliseconds of the simulated clock
 * @returns the value with Unix milliseconds in their place; what is no distance stays for others to judge
 */
export function resolveInstants(value: unknown, now: number): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveInstants(item, now));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      INSTANTS.includes(name) && typeof inner === 'string' ? resolve(inner, now) : resolveInstants(inner, now),
    ]),
  );
}

function resolve(text: string, now: number): string | number {
  if (text === 'now') return now;
  const [, sign, distance] = /^now([+-])(\d+(?:\.\d+)?(?:ms|s|m|h|d))$/.exec(text) ?? [];
  if (distance === undefined) return text;
  return sign === '-' ? now - parseDuration(distance) : now + parseDuration(distance);
}
