import { createControlClient } from '../../simulator/controlClient';
import type { Stage } from './stage';
import type { RunningSimulator } from './startSimulator';

/** How often sensors read: as asked, or as at the last start, or every five minutes like real ones. */
export const readingInterval = ({ options, home }: Stage): string => options.interval ?? home.memory.now.interval ?? '5m';

/** Lets a person from an earlier start read as often as asked now. Whose readings all lie in the past reads no more. */
export async function keepPace({ home, options }: Stage, { url, person }: RunningSimulator, interval: string): Promise<void> {
  const before = home.memory.now.interval;
  home.memory.change({ interval });
  if (before !== null && before !== interval && !options.historyOnly) await createControlClient(url).changePerson(person, { interval });
}
