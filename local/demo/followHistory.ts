import { pause } from '../processes/pause';
import type { Progress } from '../progress/progress';
import type { ContinuoApi, HistoricalPull } from './continuoApi';

const EVERY_MS = 500;
/** For the first guess at how long it takes. */
const EXPECTED_MS = 20_000;

/** Shows how the history of one user comes in, by the API's own introspection, until all of it is there; tells how it went. */
export async function followHistory(api: ContinuoApi, userId: string, progress: Progress, signal: AbortSignal): Promise<void> {
  if ((await api.historicalPull(userId))?.timeline.ended_at) return; // an earlier start has told of it
  const bar = progress.task('History', EXPECTED_MS);
  try {
    for (;;) {
      const pull = await api.historicalPull(userId);
      if (pull?.timeline.ended_at) return progress.note(`History: ${describe(pull)}`);
      if (pull) bar.at(pull.windows_done / Math.max(1, pull.windows_total), describe(pull));
      await pause(EVERY_MS, signal);
    }
  } finally {
    bar.end();
  }
}

/** "4 of 13 windows, 31,104 readings, 5,200 a second" */
function describe({ windows_done, windows_total, readings, timeline }: HistoricalPull): string {
  const { started_at, ended_at } = timeline;
  const parts = [`${windows_done} of ${windows_total} windows`, `${count(readings)} readings`];
  if (started_at === null) return 'about to begin';
  const seconds = (Date.parse(ended_at ?? new Date().toISOString()) - Date.parse(started_at)) / 1000;
  // The API tells whole seconds.
  if (seconds >= 2) parts.push(`${count(readings / seconds)} a second`);
  return parts.join(', ');
}

const count = (number: number): string => Math.round(number).toLocaleString('en');
