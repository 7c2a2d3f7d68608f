import { DAY_MS, SECOND_MS } from '../duration';
import type { Settings } from '../world/settings';

export const LONGEST_WINDOW_MS = 30 * DAY_MS;

/** Half-open, Unix milliseconds, whatever the switch says about the end. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * The window of a records call (dexcom-api.md §2.1): both dates, bare and in whole seconds, the end behind the start, 30 days at most.
 * @param serverNow what the server takes for now
 * @returns the window, or what is wrong with it
 */
export function readWindow(query: Record<string, string | undefined>, settings: Settings, serverNow: number): Window | string {
  const from = readInstant(query.startDate, settings);
  const to = readInstant(query.endDate, settings);
  if (from === null) return 'startDate must be given as YYYY-MM-DDThh:mm:ss';
  if (to === null) return 'endDate must be given as YYYY-MM-DDThh:mm:ss';
  if (to <= from) return 'endDate must be after startDate';
  if (settings.windowEndAhead === 'refused' && to > serverNow) return 'endDate must not be in the future';
  if (to - from > LONGEST_WINDOW_MS) return 'The window must not be longer than 30 days';
  return { from, to: settings.windowEnd === 'inclusive' ? to + SECOND_MS : to };
}

function readInstant(text: string | undefined, { windowZ }: Settings): number | null {
  const [, bare, zulu] = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(Z)?$/.exec(text ?? '') ?? [];
  if (bare === undefined || (zulu !== undefined && windowZ === 'refused')) return null;
  const instant = Date.parse(`${bare}Z`);
  return Number.isNaN(instant) ? null : instant;
}
