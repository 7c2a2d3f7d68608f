import { DAY_MS } from '../duration';
import type { Switches } from './switches';

/** The day that somebody lives who lives the same days again and again (dexcom-api.md §4, §8.36). @param day since 1970-01-01 */
export const repeatedDay = ({ repeatsEveryDays }: Switches, day: number): number =>
  repeatsEveryDays === null ? day : day % repeatsEveryDays;

/** The same of an instant, Unix milliseconds. */
export const repeatedInstant = ({ repeatsEveryDays }: Switches, at: number): number =>
  repeatsEveryDays === null ? at : at % (repeatsEveryDays * DAY_MS);
