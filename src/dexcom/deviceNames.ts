import type { ReadingDevice } from '../glucose/reading';
import type { JsonObject } from './json';
import { wordOf } from './lenient';

/** A device and the words it was told in. */
interface Known {
  readonly named: JsonObject;
  readonly device: ReadingDevice;
}

/** The devices of one answer: thousands of records name the same few, and share one object each. */
export class DeviceNames {
  private readonly known: Known[] = [];

  of(record: JsonObject): ReadingDevice {
    for (const { named, device } of this.known) if (isNamedAlike(named, record)) return device;
    const { transmitterId, transmitterGeneration, transmitterGenerationVariant, displayDevice, displayApp } = record;
    const device = {
      transmitterId: wordOf(transmitterId),
      generation: wordOf(transmitterGeneration),
      variant: wordOf(transmitterGenerationVariant),
      displayDevice: wordOf(displayDevice),
      displayApp: wordOf(displayApp),
    };
    // The one just seen is the likeliest next.
    this.known.unshift({ named: record, device });
    if (this.known.length > MOST_KNOWN) this.known.pop();
    return device;
  }
}

const MOST_KNOWN = 8;

/** Short words first, which are the same object mostly; a transmitter's hash must be read through. */
const isNamedAlike = (a: JsonObject, b: JsonObject): boolean =>
  a.displayDevice === b.displayDevice &&
  a.transmitterGeneration === b.transmitterGeneration &&
  a.transmitterGenerationVariant === b.transmitterGenerationVariant &&
  a.displayApp === b.displayApp &&
  a.transmitterId === b.transmitterId;
