import { type LooseRecord, lot, type Oddity } from './oddity';

type Form = (systemTime: string, displayTime: string) => { systemTime: string; displayTime: string };

/** Forms of time seen in production that still tell the whole second (dexcom-api.md §2.3, F8); each record keeps its own for ever. */
const FORMS: readonly Form[] = [
  (systemTime, displayTime) => ({ systemTime, displayTime }),
  (systemTime, displayTime) => ({ systemTime: bare(systemTime), displayTime: bare(displayTime) }),
  (systemTime, displayTime) => ({ systemTime: systemTime.replace('T', ' '), displayTime: displayTime.replace('T', ' ') }),
  (systemTime, displayTime) => ({
    systemTime: systemTime.replace(/Z$/, '+00:00'),
    displayTime: displayTime.replace(/([+-]\d\d):(\d\d)$/, '$1$2'),
  }),
  (systemTime, displayTime) => ({ systemTime, displayTime: displayTime.replace(/([+-]\d\d:\d\d)$/, '$1:00') }),
  (systemTime, displayTime) => ({ systemTime: `${bare(systemTime)}${systemTime.includes('.') ? '' : '.000'}000000Z`, displayTime }),
  (systemTime, displayTime) => ({ systemTime: unpadded(systemTime), displayTime: unpadded(displayTime) }),
];

export const dirtyTimes: Oddity = (records) => records.map(dirty);

function dirty(record: LooseRecord): LooseRecord {
  const { systemTime, displayTime } = record;
  const form = FORMS[lot(record, FORMS.length, 'time')];
  if (!form || typeof systemTime !== 'string' || typeof displayTime !== 'string') return record;
  return { ...record, ...form(systemTime, displayTime) };
}

const bare = (time: string): string => time.replace(/(?:Z|[+-]\d\d:\d\d)$/, '');

/** `2026-01-05T07:03:09` → `2026-1-5T7:3:9` */
const unpadded = (time: string): string => time.replace(/(?<=^\d{4}-|^\d{4}-\d\d-|T|T\d\d:|T\d\d:\d\d:)0(?=\d)/g, '');
