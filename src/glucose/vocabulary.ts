import type { ReadingDevice } from './reading';

/** What the readings of a day share, kept once: words and devices by number, and texts that repeat nothing, in the order they are read. */
export class Vocabulary {
  private readonly wordNumbers = new Map<string, number>();
  private readonly deviceNumbers = new Map<string, number>();
  private readonly sameDevices = new Map<ReadingDevice, number>();
  private readonly devices: readonly ReadingDevice[];
  private nextText = 0;

  constructor(
    readonly words: string[] = [],
    readonly deviceFields: (readonly (string | null)[])[] = [],
    readonly texts: string[] = [],
  ) {
    this.devices = deviceFields.map(toDevice);
  }

  /** @returns -1 for null */
  wordNumber(word: string | null): number {
    if (word === null) return -1;
    const known = this.wordNumbers.get(word);
    if (known !== undefined) return known;
    this.wordNumbers.set(word, this.words.length);
    return this.words.push(word) - 1;
  }

  word(number: number | undefined): string | null {
    if (number === undefined || number < 0) return null;
    const word = this.words[number];
    if (word === undefined) throw new RangeError('A packed day names a word it does not have');
    return word;
  }

  deviceNumber(device: ReadingDevice): number {
    // Readings of one answer or one day share their devices; only others need to be compared.
    const same = this.sameDevices.get(device);
    if (same !== undefined) return same;
    const number = this.equalDevice(device);
    this.sameDevices.set(device, number);
    return number;
  }

  /** The same object for every reading of the same device. */
  device(number: number | undefined): ReadingDevice {
    const device = this.devices[number ?? -1];
    if (!device) throw new RangeError('A packed day names a device it does not have');
    return device;
  }

  keepText(text: string): void {
    this.texts.push(text);
  }

  readText(): string {
    const text = this.texts[this.nextText++];
    if (text === undefined) throw new RangeError('A packed day has fewer texts than it names');
    return text;
  }

  private equalDevice(device: ReadingDevice): number {
    const fields = [device.transmitterId, device.generation, device.variant, device.displayDevice, device.displayApp];
    const key = JSON.stringify(fields);
    const known = this.deviceNumbers.get(key);
    if (known !== undefined) return known;
    this.deviceNumbers.set(key, this.deviceFields.length);
    return this.deviceFields.push(fields) - 1;
  }
}

const toDevice = ([transmitterId, generation, variant, displayDevice, displayApp]: readonly (string | null)[]): ReadingDevice => ({
  transmitterId: transmitterId ?? null,
  generation: generation ?? null,
  variant: variant ?? null,
  displayDevice: displayDevice ?? null,
  displayApp: displayApp ?? null,
});
