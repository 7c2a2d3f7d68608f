import type { ReadingDevice } from '../glucose/reading';
import type { JsonObject } from './json';
import { wordOf } from './lenient';

/** The devices of one answer: thousands of records name the same few, and share one object each. */
export class DeviceNames {
  private readonly known: { readonly fields: readonly unknown[]; readonly device: ReadingDevice }[] = [];

  of({ transmitterId, transmitterGeneration, transmitterGenerationVariant, displayDevice, displayApp }: JsonObject): ReadingDevice {
    for (const { fields, device } of this.known) {
      if (
        fields[0] === transmitterId &&
        fields[1] === displayDevice &&
        fields[2] === transmitterGeneration &&
        fields[3] === transmitterGenerationVariant &&
        fields[4] === displayApp
      ) {
        return device;
      }
    }
    const device = {
      transmitterId: wordOf(transmitterId),
      generation: wordOf(transmitterGeneration),
      variant: wordOf(transmitterGenerationVariant),
      displayDevice: wordOf(displayDevice),
      displayApp: wordOf(displayApp),
    };
    // The one just seen is the likeliest next.
    this.known.unshift({ fields: [transmitterId, displayDevice, transmitterGeneration, transmitterGenerationVariant, displayApp], device });
    if (this.known.length > MOST_KNOWN) this.known.pop();
    return device;
  }
}

const MOST_KNOWN = 8;
