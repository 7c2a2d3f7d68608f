const HOUR_MS = 3_600_000;
/** No zone was ever further from UTC. */
const FURTHEST_MS = 26 * HOUR_MS;
const PRECISION_MS = 1_000;

/**
 * The first instant, Unix milliseconds, at which a calendar shows `day` or a later one: midnight, or what there is in its place where clocks
 * are put forward over it. @param day `yyyy-mm-dd` @param timeZone IANA
 */
export function startOfDay(day: string, timeZone: string): number {
  const calendar = new Intl.DateTimeFormat('en-u-ca-iso8601', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const utc = Date.parse(day);
  let [before, after] = [utc - FURTHEST_MS, utc + FURTHEST_MS];
  while (after - before > PRECISION_MS) {
    const middle = before + Math.floor((after - before) / (2 * PRECISION_MS)) * PRECISION_MS;
    if (dayOf(calendar, middle) < day) before = middle;
    else after = middle;
  }
  return after;
}

/** `yyyy-mm-dd`, the day after. */
export const nextDay = (day: string): string => new Date(Date.parse(day) + 24 * HOUR_MS).toISOString().slice(0, 10);

function dayOf(calendar: Intl.DateTimeFormat, instant: number): string {
  const part = new Map(calendar.formatToParts(instant).map(({ type, value }) => [type, value]));
  return `${part.get('year')?.padStart(4, '0')}-${part.get('month')}-${part.get('day')}`;
}
