import type { ReadingOrigin } from './reading';

const MINUTE_MS = 60_000;
const NO_SECONDS = /[Tt ]\d{1,2}:\d{1,2}(?![\d:])/;

/** The last instant at which a reading may have been measured: `at`, or the end of its minute where Dexcom wrote no seconds (dexcom-api.md F8). */
export const latestInstant = ({ at, rawTimes }: Pick<ReadingOrigin, 'at' | 'rawTimes'>): number =>
  rawTimes !== null && NO_SECONDS.test(rawTimes.systemTime) ? at + MINUTE_MS - 1 : at;
