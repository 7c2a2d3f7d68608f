import { readDeviceTime } from '../glucose/deviceTime';
import { rebuildTimes } from '../glucose/deviceTimeForms';
import type { ReadingOrigin } from '../glucose/reading';
import { utcOffsetOf } from './instant';

/** What a record's two times say besides the instant, where they are not written as usual. A displayTime nobody can read is kept as it is. */
export function oddTimes(at: number, systemTime: string, displayTime: string | null): Pick<ReadingOrigin, 'utcOffsetSeconds' | 'rawTimes'> {
  const shown = displayTime === null ? null : readDeviceTime(displayTime);
  const utcOffsetSeconds = shown && utcOffsetOf(at, shown);

  const rebuilt = rebuildTimes({ at, utcOffsetSeconds, rawTimes: null });
  if (rebuilt.systemTime === systemTime && rebuilt.displayTime === displayTime) return { utcOffsetSeconds, rawTimes: null };
  return { utcOffsetSeconds, rawTimes: { systemTime, displayTime, displayAt: shown ? shown.clockAt : null } };
}
