/** Text as UTF-8, to be copied many times. */
export const fragment = (text: string): Uint8Array => Buffer.from(text);

const [ZERO, COLON] = [0x30, 0x3a];

/** A buffer for long lists of like objects: copies ready fragments and writes digits itself, so that no text is made only to be encoded. */
export class JsonBytes {
  private length = 0;

  /** @param bytes are written over; where they are too few, more are taken */
  constructor(private bytes: Uint8Array<ArrayBuffer>) {}

  /** @returns where they begin, for `overwrite` and `overwriteClock` */
  copy(bytes: Uint8Array): number {
    const at = this.length;
    this.reserve(bytes.length);
    this.bytes.set(bytes, at);
    this.length += bytes.length;
    return at;
  }

  /** What stands between the quotes of a JSON string. */
  text(text: string): void {
    this.reserve(text.length);
    const { bytes, length } = this;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) {
        this.copy(fragment(JSON.stringify(text).slice(1, -1)));
        return;
      }
      bytes[length + i] = code;
    }
    this.length += text.length;
  }

  byte(code: number): void {
    this.reserve(1);
    this.bytes[this.length++] = code;
  }

  /** @param value a whole number from 0 to below 2^31 */
  whole(value: number): void {
    let digits = 1;
    for (let limit = 10; value >= limit; limit *= 10) digits++;
    this.reserve(digits);
    this.length += digits;
    this.overwrite(this.length - digits, value, digits);
  }

  /** Writes a number, zeros before it, over what is there. @param value a whole number below 2^31, of at most `digits` digits */
  overwrite(at: number, value: number, digits: number): void {
    const { bytes } = this;
    let rest = value;
    for (let i = at + digits - 1; i >= at; i--) {
      const tenth = (rest / 10) | 0;
      bytes[i] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
  }

  /** Writes `08:05:12` over what is there. @param seconds since midnight, whole */
  overwriteClock(at: number, seconds: number): void {
    const minutes = (seconds / 60) | 0;
    const hours = (minutes / 60) | 0;
    this.overwrite(at, hours, 2);
    this.bytes[at + 2] = COLON;
    this.overwrite(at + 3, minutes - hours * 60, 2);
    this.bytes[at + 5] = COLON;
    this.overwrite(at + 6, seconds - minutes * 60, 2);
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.length);
  }

  private reserve(size: number): void {
    if (this.length + size <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + size));
    larger.set(this.finish());
    this.bytes = larger;
  }
}
