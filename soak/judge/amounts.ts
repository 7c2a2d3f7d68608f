import type { PersonVerdict } from './judgePerson';

/** What time may still mend: it has not come yet. */
export const awaited = ({ notStored, notDelivered, outdated }: PersonVerdict): number =>
  notStored.length + notDelivered.length + outdated.length;

/** What no time mends: it has come, and should not have. */
export const wrong = ({ storedTwice, toldTwice, historyTold, foreign }: PersonVerdict): number =>
  storedTwice.length + toldTwice.length + historyTold.length + foreign.length;
