import type { RawTimes, ReadingDevice, ReadingOrigin } from './reading';

/** Nothing to store: the record is as it was. */
export const isSameRecord = (a: ReadingOrigin, b: ReadingOrigin): boolean =>
  a.recordId === b.recordId &&
  isSameReading(a, b) &&
  a.transmitterTicks === b.transmitterTicks &&
  isSameDevice(a.device, b.device) &&
  areSameTimes(a.rawTimes, b.rawTimes);

/** Nothing to tell: whoever was told of one knows the other. A device's name or the way of writing a time is no news. */
export const isSameReading = (a: ReadingOrigin, b: ReadingOrigin): boolean =>
  a.at === b.at &&
  a.mgPerDl === b.mgPerDl &&
  a.trend === b.trend &&
  a.trendRateMgPerDlPerMin === b.trendRateMgPerDlPerMin &&
  a.status === b.status &&
  a.utcOffsetSeconds === b.utcOffsetSeconds;

const isSameDevice = (a: ReadingDevice, b: ReadingDevice): boolean =>
  a === b ||
  (a.transmitterId === b.transmitterId &&
    a.generation === b.generation &&
    a.variant === b.variant &&
    a.displayDevice === b.displayDevice &&
    a.displayApp === b.displayApp);

const areSameTimes = (a: RawTimes | null, b: RawTimes | null): boolean =>
  a === b || (a !== null && b !== null && a.systemTime === b.systemTime && a.displayTime === b.displayTime && a.displayAt === b.displayAt);
