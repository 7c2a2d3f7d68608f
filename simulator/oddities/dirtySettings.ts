import type { LooseRecord, Oddity } from './oddity';

/** What a device says of its alerts, as it was seen in production and is by no documentation (dexcom-api.md §8.31, F13, §2.3). */
const DIRTY_SCHEDULE = {
  alertScheduleSettings: {
    alertScheduleName: '',
    isEnabled: true,
    isDefaultSchedule: true,
    startTime: '9:00 Pm',
    endTime: '7:00 Am',
    daysOfWeek: ['monday', '', 'sunday'],
  },
  alertSettings: [
    { alertName: 'fall', value: -3, unit: 'mg/dL/min', snooze: 28, enabled: true, ...officialSample() },
    { alertName: 'high', value: 250, unit: 'mg/dL', snooze: 120, enabled: true, ...officialSample() },
    { alertName: 'high', value: 250, unit: 'mg/dL', snooze: 120, enabled: true, ...officialSample() },
  ],
};

/** Each device comes with such settings; beside it stand one without the date of its last upload and one without any schedule. Other records stay. */
export const dirtySettings: Oddity = (records) => records.flatMap((record) => ('alertSchedules' in record ? dirty(record) : [record]));

function dirty(record: LooseRecord): LooseRecord[] {
  const { lastUploadDate: _, ...withoutUpload } = record;
  return [{ ...record, alertSchedules: [DIRTY_SCHEDULE] }, withoutUpload, { ...record, transmitterId: '', alertSchedules: [] }];
}

/** The offset of the official sample itself. */
function officialSample() {
  return { systemTime: '2021-04-05T17:52:47', displayTime: '2021-04-05T10:52:48-06:59:59' };
}
