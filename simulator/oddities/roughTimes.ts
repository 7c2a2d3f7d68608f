import { type LooseRecord, lot, type Oddity } from './oddity';

type Form = (systemTime: string, displayTime: string) => { systemTime: string; displayTime: string };

/** Forms of time seen in production that no longer tell the second, or not the zone to the second (dexcom-api.md §2.3, F8). */
const FORMS: readonly Form[] = [
  (systemTime, displayTime) => ({ systemTime: withoutSeconds(systemTime), displayTime: withoutSeconds(displayTime) }),
  (systemTime, displayTime) => ({ systemTime, displayTime: displayTime.replace(/([+-]\d\d):00$/, '$1') }),
  (systemTime, displayTime) => ({ systemTime, displayTime: strayed(displayTime) }),
  (systemTime, displayTime) => ({ systemTime, displayTime }),
];

export const roughTimes: Oddity = (records) => records.map(rough);

function rough(record: LooseRecord): LooseRecord {
  const { systemTime, displayTime } = record;
  const form = FORMS[lot(record, FORMS.length, 'rough')];
  if (!form || typeof systemTime !== 'string' || typeof displayTime !== 'string') return record;
  return { ...record, ...form(systemTime, displayTime) };
}

/** `2021-02-03T14:15:09Z` → `2021-02-03T14:15Z` */
const withoutSeconds = (time: string): string => time.replace(/(T\d\d:\d\d):\d\d(?:\.\d+)?/, '$1');

/** `-07:00` → `-06:59:58`; `+02:00` → `+02:00:02` */
const strayed = (time: string): string =>
  time.replace(/([+-])(\d\d):(\d\d)$/, (_, sign: string, hours: string, minutes: string) => {
    const seconds = Number(hours) * 3_600 + Number(minutes) * 60 + (sign === '-' ? -2 : 2);
    const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
    return `${sign}${two(seconds / 3_600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
  });
