const DAY_MS = 86_400_000;
/** Before any sensor of Dexcom's was sold: zero dates and reset clocks. */
const FIRST_SENSOR = Date.parse('2004-01-01T00:00:00Z');

/** Why nothing can have been recorded at `at` (dexcom-api.md §9.19), Unix milliseconds; null if it can. NaN: it could not be read. */
export function instantProblem(at: number, now: number): string | null {
  if (Number.isNaN(at)) return 'systemTime cannot be read';
  if (at > now + DAY_MS) return 'systemTime is in the future';
  return at < FIRST_SENSOR ? 'systemTime is before the first sensor' : null;
}
