import { fragment, type JsonBytes } from './jsonBytes';
import type { Reading } from './reading';
import { isMeasured } from './sample';
import { writeSamples } from './writeSamples';

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

/**
 * Writes the `groups` of a page as JSON: `{}` if no reading has a value, else one group of samples under the provider's slug.
 * @param readings in the order they are to be told
 */
export function writeGroups(out: JsonBytes, readings: readonly Reading[], { name, logo }: Pick<GlucoseSource, 'name' | 'logo'>): void {
  if (!readings.some(isMeasured)) {
    out.copy(fragment('{}'));
    return;
  }
  const source: GlucoseSource = {
    provider: 'dexcom_v3',
    type: 'unknown',
    app_id: null,
    device_id: null,
    sport: null,
    workout_id: null,
    name,
    slug: 'dexcom_v3',
    logo,
  };
  out.copy(fragment(`{"dexcom_v3":[{"source":${JSON.stringify(source)},"data":`));
  writeSamples(out, readings);
  out.copy(fragment('}]}'));
}
