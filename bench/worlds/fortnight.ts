import type { StoredYear } from './storedYear';

const DAY_MS = 86_400_000;
export const FORTNIGHT_DAYS = 14;

/** `[from, to)` of a fortnight well inside the stored year, whole days, Unix milliseconds. */
export function fortnight(): { readonly from: number; readonly to: number } {
  const from = Math.floor(Date.now() / DAY_MS - 30) * DAY_MS;
  return { from, to: from + FORTNIGHT_DAYS * DAY_MS };
}

/** Its query, as an app asks. */
export const fortnightPath = ({ connection }: StoredYear): string => fortnightPathOf(connection.userId);

export function fortnightPathOf(userId: string): string {
  const { from, to } = fortnight();
  return groupedPath(userId, { start_date: day(from), end_date: day(to - 1) });
}

export const groupedPath = (userId: string, query: Readonly<Record<string, string>>): string =>
  `/v2/timeseries/${userId}/glucose/grouped?${new URLSearchParams(query)}`;

export const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
