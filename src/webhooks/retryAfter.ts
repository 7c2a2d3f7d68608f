/** A day's name, as all forms of HTTP dates begin, or a year. What else Date.parse makes a date of was never meant as one: `1.5`, `-5`. */
const DATE = /^((mon|tue|wed|thu|fri|sat|sun)[a-z]*,? |\d{4}-\d\d-\d\d)/i;

/** What a `Retry-After` header asks for: seconds or a date. @returns milliseconds from `now`, null if it says nothing usable */
export function retryAfterMs(header: string | readonly string[] | undefined, now: number): number | null {
  const text = typeof header === 'string' ? header.trim() : '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1_000, Number.MAX_SAFE_INTEGER);
  const at = DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
