import type { z } from '@hono/zod-openapi';
import { windowsLeft } from '../../../freshness/backfillWindows';
import { LONGEST_WINDOW_MS } from '../../../freshness/policy';
import type { ConnectionDoc, Window } from '../../../storage/connectionDoc';
import { type DayCount, dayId, type GlucoseDays } from '../../../storage/glucoseDays';
import { instant } from '../../instant';
import type { HistoricalPull } from './schemas';

const DAY_MS = 86_400_000;

type Reading = Required<Pick<z.infer<typeof HistoricalPull>, 'days_with_data' | 'windows' | 'gaps'>>;

/** What a historical pull's windows hold as stored now, and the days without a reading among those it has read. */
export async function readWindows(glucoseDays: GlucoseDays, connection: ConnectionDoc): Promise<Reading> {
  const { floor, ceiling } = connection.backfill;
  const windows = [...windowsLeft({ floor, ceiling, doneBackTo: ceiling }, LONGEST_WINDOW_MS)];
  const days = (await glucoseDays.countsOf(connection)).filter(({ start }) => start > floor - DAY_MS && start < ceiling);
  const cut = await daysCut(glucoseDays, connection, windows);

  return {
    days_with_data: days.filter(({ count }) => count > 0).length,
    windows: windows.map((window) => ({
      start: instant(window.from),
      end: instant(window.to),
      status: statusOf(window, connection),
      readings: readingsIn(window, days, cut),
    })),
    gaps: gapsIn(connection, days),
  };
}

/** Windows end at any hour: the instants of the readings of those days. */
async function daysCut(glucoseDays: GlucoseDays, { _id, teamId }: ConnectionDoc, windows: readonly Window[]): Promise<readonly number[]> {
  const ids = new Set(windows.flatMap(({ from, to }) => [dayId(_id, from), dayId(_id, to)]));
  const days = await glucoseDays.read(teamId, [...ids]);
  return days.flatMap(({ readings }) => readings.map(({ at }) => at));
}

function readingsIn({ from, to }: Window, days: readonly DayCount[], cut: readonly number[]): number {
  const firstWhole = Math.floor(from / DAY_MS) * DAY_MS + DAY_MS;
  const lastDay = Math.floor(to / DAY_MS) * DAY_MS;
  const whole = days.filter(({ start }) => start >= firstWhole && start < lastDay).reduce((sum, { count }) => sum + count, 0);
  return whole + cut.filter((at) => at >= from && at < to && (at < firstWhole || at >= lastDay)).length;
}

function statusOf({ from, to }: Window, { backfill: { doneBackTo, skipped = [] } }: ConnectionDoc): 'done' | 'skipped' | 'waiting' {
  if (from < doneBackTo) return 'waiting';
  return skipped.some((window) => window.from < to && window.to > from) ? 'skipped' : 'done';
}

/** Whole days of UTC that have been read and hold nothing, as ranges, oldest first. */
function gapsIn({ backfill: { ceiling, doneBackTo, skipped = [] } }: ConnectionDoc, days: readonly DayCount[]): Reading['gaps'] {
  const held = new Set(days.filter(({ count }) => count > 0).map(({ start }) => start));
  const gaps: { start: string; end: string; days: number }[] = [];
  let open: Window | null = null;
  for (let start = Math.ceil(doneBackTo / DAY_MS) * DAY_MS; start + DAY_MS <= ceiling; start += DAY_MS) {
    const end = start + DAY_MS;
    if (held.has(start) || skipped.some(({ from, to }) => from < end && to > start)) open = null;
    else {
      const from: number = open?.from ?? start;
      if (open) gaps.pop();
      open = { from, to: end };
      gaps.push({ start: date(from), end: date(start), days: (end - from) / DAY_MS });
    }
  }
  return gaps;
}

const date = (unixMs: number): string => new Date(unixMs).toISOString().slice(0, 10);
