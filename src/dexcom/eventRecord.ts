import type { LoggedEvent } from '../records/loggedEvent';
import { instantIn } from './instant';
import { isObject } from './json';
import { textOf, wordOf } from './lenient';
import { oddTimes } from './oddTimes';
import { instantProblem } from './plausible';

/**
 * One event (dexcom-api.md §2.5, F12). What makes it one must be readable: recordId, systemTime, eventType; whatever else is missing or odd is
 * null or as sent.
 * @returns the event, or the reason why it is none
 */
export function readEvent(record: unknown, now: number): LoggedEvent | string {
  if (!isObject(record)) return 'the record is no object';
  const recordId = textOf(record.recordId);
  if (recordId === null) return 'recordId is missing';

  const systemTime = textOf(record.systemTime);
  if (systemTime === null) return 'systemTime is missing';
  const at = instantIn(systemTime);
  const problem = instantProblem(at, now);
  if (problem !== null) return problem;

  const type = wordOf(record.eventType);
  if (type === null) return 'eventType is missing';
  return {
    recordId,
    at,
    status: wordOf(record.eventStatus),
    type,
    subType: wordOf(record.eventSubType),
    value: wordOf(record.value),
    unit: wordOf(record.unit),
    utcOffsetSeconds: oddTimes(at, systemTime, textOf(record.displayTime)).utcOffsetSeconds,
    raw: JSON.stringify(record),
  };
}
