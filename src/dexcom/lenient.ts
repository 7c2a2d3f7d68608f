/** A text that must be one. Null for `""`, null, missing, and what is none. Numbers pass: ids have been sent as such. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' ? String(value) : null;
}

/** A word of Dexcom's, known or not; null for `""`, null and missing (dexcom-api.md F9, F15). */
export const wordOf = (value: unknown): string | null => (typeof value === 'boolean' ? String(value) : textOf(value));

/** Numbers come as strings at times (dexcom-api.md §9.24). Null for `""`, null and missing, NaN for what is none. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (value === null || value === undefined) return null;
  if (typeof value !== 'string') return Number.NaN;
  return value.trim() === '' ? null : Number(value);
}
