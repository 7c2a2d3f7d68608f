import { Problem } from '../problems';
import { pause } from '../processes/pause';
import type { Progress } from '../progress/progress';
import type { ConnectedPerson } from './connectPerson';
import type { ContinuoApi, HistoricalPull } from './continuoApi';

const EVERY_MS = 250;
/** For the first guess at how long it takes. */
const EXPECTED_MS = 10_000;

/** Shows how the history of one user comes in, by the API's own introspection, until all of it is there; tells how it went. */
export async function followHistory(
  api: ContinuoApi,
  { userId, isNew }: ConnectedPerson,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const first = await lookAtHistory(api, userId);
  if (!isNew && first?.timeline.ended_at) return; // an earlier start has told of it

  const bar = progress.task('History', EXPECTED_MS);
  let rate = paceFrom(first);
  let pull = first;
  try {
    while (!pull?.timeline.ended_at) {
      if (pull) bar.at(pull.windows_done / Math.max(1, pull.windows_total), describe(pull, rate(pull)));
      await pause(EVERY_MS, signal);
      if (pull?.timeline.started_at === null) rate = paceFrom(pull);
      pull = await lookAtHistory(api, userId);
    }
  } finally {
    bar.end();
  }
  progress.note(`History: ${describe(pull, rate(pull))}`);
}

/** An API that is just being started again answers the next time. */
export const lookAtHistory = (api: ContinuoApi, userId: string): Promise<HistoricalPull | undefined> =>
  api.historicalPull(userId).catch((error: unknown) => {
    if (error instanceof Problem) return undefined;
    throw error;
  });

/** Readings a second since we began to look, by our own clock: the API tells whole seconds, and all may be over in one. */
function paceFrom(first: HistoricalPull | undefined): (pull: HistoricalPull) => number {
  const beganAt = Date.now();
  const before = first?.readings ?? 0;
  return ({ readings }) => (readings - before) / Math.max(EVERY_MS / 1000, (Date.now() - beganAt) / 1000);
}

/** "4 of 13 windows, 31,104 readings, 5,200 a second" */
function describe({ windows_done, windows_total, readings, timeline }: HistoricalPull, aSecond: number): string {
  if (timeline.started_at === null) return 'about to begin';
  if (timeline.ended_at !== null && readings === 0) return 'none, this person has no readings yet';
  const parts = [`${windows_done} of ${windows_total} windows`, `${count(readings)} readings`];
  if (aSecond >= 1) parts.push(`${count(aSecond)} a second`);
  return parts.join(', ');
}

const count = (number: number): string => Math.round(number).toLocaleString('en');
