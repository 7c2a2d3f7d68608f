import type { Person } from '../people/person';
import type { Reading } from '../readings/reading';
import { timesOf } from './systemTimes';

/** One EGV as an app reads it (dexcom-api.md §2.4); optional fields that do not apply are null or left out, as real ones are. */
export function egvRecord(person: Person, recordId: string, reading: Reading) {
  const { generation, variant, displayDevice, displayApp } = reading.device ?? person.device;
  return {
    recordId,
    ...timesOf(person, reading),
    transmitterId: reading.transmitterId,
    transmitterTicks: reading.transmitterTicks,
    value: reading.mgPerDl,
    status: statusOf(reading.mgPerDl),
    trend: reading.trend,
    trendRate: reading.trendRate,
    unit: 'mg/dL',
    rateUnit: 'mg/dL/min',
    displayDevice,
    transmitterGeneration: generation,
    ...(variant === null ? {} : { transmitterGenerationVariant: variant }),
    displayApp,
  };
}

function statusOf(mgPerDl: number | null): 'low' | 'high' | null {
  if (mgPerDl === null) return null;
  if (mgPerDl < 40) return 'low';
  return mgPerDl > 400 ? 'high' : null;
}
