import type { Reading } from './reading';
import { type GlucoseSample, isMeasured, toSample } from './sample';

/**
 * Where samples come from, in Vital's shape (vital-api.md §5.1). All of one connection's readings are one source, whatever sensor measured
 * them: continuity belongs to the person, and each sample names its own device.
 */
export interface GlucoseSource {
  readonly provider: 'dexcom_v3';
  readonly type: 'unknown';
  readonly app_id: null;
  readonly device_id: null;
  readonly sport: null;
  readonly workout_id: null;
  readonly name: string;
  readonly slug: 'dexcom_v3';
  readonly logo: string;
}

export interface GlucoseGroups {
  readonly dexcom_v3?: readonly { readonly source: GlucoseSource; readonly data: readonly GlucoseSample[] }[];
}

/** The `groups` of a page; empty if no reading has a value. @param readings in the order they are to be told */
export function groupSamples(readings: readonly Reading[], { name, logo }: Pick<GlucoseSource, 'name' | 'logo'>): GlucoseGroups {
  const data = readings.filter(isMeasured).map(toSample);
  if (data.length === 0) return {};
  const source = {
    provider: 'dexcom_v3',
    type: 'unknown',
    app_id: null,
    device_id: null,
    sport: null,
    workout_id: null,
    name,
    slug: 'dexcom_v3',
    logo,
  } as const;
  return { dexcom_v3: [{ source, data }] };
}
