const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export const SECOND_MS = UNITS_MS.s;
export const MINUTE_MS = UNITS_MS.m;
export const HOUR_MS = UNITS_MS.h;
export const DAY_MS = UNITS_MS.d;

/**
 * @param text a whole or decimal number with its unit: `500ms`, `10s`, `5m`, `2h`, `1d`; a bare `0` needs none
 * @returns milliseconds
 * @throws RangeError with the text in its message
 */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim()) ?? [];
  if (amount !== undefined && isUnit(unit)) return Math.round(Number(amount) * UNITS_MS[unit]);
  if (text.trim() === '0') return 0;
  throw new RangeError(`${JSON.stringify(text)} is not a duration; write 500ms, 10s, 5m, 2h or 1d`);
}

const isUnit = (unit: string | undefined): unit is keyof typeof UNITS_MS => unit !== undefined && Object.hasOwn(UNITS_MS, unit);
