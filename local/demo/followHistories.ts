import { pause } from '../processes/pause';
import type { Progress } from '../progress/progress';
import { historyTable } from '../screen/historyTable';
import type { NamedPerson } from './connectPeople';
import type { ContinuoApi, HistoricalPull } from './continuoApi';
import { lookAtHistory } from './followHistory';
import { inLanes } from './inLanes';

const EVERY_MS = 1_000;
const LOOKS_AT_ONCE = 4;
/** For the first guess at how long one takes. */
const EXPECTED_MS = 2_000;

/** What is known of one person's history; undefined: nothing yet. */
export interface PersonsHistory {
  readonly name: string;
  readonly pull: HistoricalPull | undefined;
}

/** Shows how the histories of many people come in, all together, until everything is there; then each in a line of a table. */
export async function followHistories(
  api: ContinuoApi,
  people: readonly NamedPerson[],
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const look = (): Promise<PersonsHistory[]> =>
    inLanes(people, LOOKS_AT_ONCE, async ({ name, userId }) => ({ name, pull: await lookAtHistory(api, userId) }));

  const bar = progress.task('Histories', people.length * EXPECTED_MS);
  let known = await look();
  try {
    while (!known.every(isComplete)) {
      const windows = sum(known, ({ pull }) => pull?.windows_done);
      const all = sum(known, ({ pull }) => pull?.windows_total);
      bar.at(windows / Math.max(1, all), `${known.filter(isComplete).length} of ${people.length} people, ${windows} of ${all} windows`);
      await pause(EVERY_MS, signal);
      known = await look();
    }
  } finally {
    bar.end();
  }
  progress.note(historyTable(known));
}

const isComplete = ({ pull }: PersonsHistory): boolean => Boolean(pull?.timeline.ended_at);
const sum = (known: readonly PersonsHistory[], of: (one: PersonsHistory) => number | undefined): number =>
  known.reduce((total, one) => total + (of(one) ?? 0), 0);
