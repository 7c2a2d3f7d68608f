/** Text as UTF-8, to be copied many times. */
export const fragment = (text: string): Uint8Array => Buffer.from(text);

const ZERO = 0x30;
/** By number below a hundred, its two digits as they stand in memory. */
const TWO_DIGITS = Uint16Array.from({ length: 100 }, (_, number) => Buffer.from(String(number).padStart(2, '0')).readUInt16LE());
/** By byte, the same of its hexadecimal ones. */
const HEX_PAIRS = Uint16Array.from({ length: 256 }, (_, byte) => Buffer.from(byte.toString(16).padStart(2, '0')).readUInt16LE());
/** Where a UUID's 16 bytes stand in its text. */
const UUID_DIGITS_AT = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34] as const;

/** A buffer for long lists of like objects: copies ready fragments and writes digits itself, so that no text is made only to be encoded. */
export class JsonBytes {
  private length = 0;
  private cutAt = 0;
  private digits: DataView;

  /** @param bytes are written over; where they are too few, more are taken */
  constructor(private bytes: Uint8Array<ArrayBuffer>) {
    this.digits = viewOf(bytes);
  }

  /** @returns where they begin, for what writes over them */
  copy(bytes: Uint8Array): number {
    const at = this.length;
    this.reserve(bytes.length);
    this.bytes.set(bytes, at);
    this.length += bytes.length;
    return at;
  }

  /** `copy` of three. @returns where the last begins */
  copyThree(first: Uint8Array, second: Uint8Array, third: Uint8Array): number {
    const secondAt = this.length + first.length;
    const thirdAt = secondAt + second.length;
    this.reserve(thirdAt + third.length - this.length);
    const { bytes } = this;
    bytes.set(first, this.length);
    bytes.set(second, secondAt);
    bytes.set(third, thirdAt);
    this.length = thirdAt + third.length;
    return thirdAt;
  }

  byte(code: number): void {
    this.reserve(1);
    this.bytes[this.length++] = code;
  }

  /** Takes the last bytes back. */
  takeBack(bytes: number): void {
    this.length -= bytes;
  }

  /** Writes a number, zeros before it, over what is there. @param value a whole number below 2^31, of at most `digits` digits */
  overwrite(at: number, value: number, digits: number): void {
    let rest = value;
    let end = at + digits;
    for (; end - at >= 2; end -= 2) {
      const hundreds = (rest / 100) | 0;
      this.digits.setUint16(end - 2, TWO_DIGITS[rest - hundreds * 100] ?? 0, true);
      rest = hundreds;
    }
    if (end > at) this.bytes[at] = ZERO + rest;
  }

  /** Writes the digits of `08:05:12` over those of a clock. @param seconds since midnight, whole */
  overwriteClock(at: number, seconds: number): void {
    const { digits } = this;
    const minutes = (seconds / 60) | 0;
    const hours = (minutes / 60) | 0;
    digits.setUint16(at, TWO_DIGITS[hours] ?? 0, true);
    digits.setUint16(at + 3, TWO_DIGITS[minutes - hours * 60] ?? 0, true);
    digits.setUint16(at + 6, TWO_DIGITS[seconds - minutes * 60] ?? 0, true);
  }

  /** Writes the digits of a UUID over those of another. @param from where its 16 bytes begin in `ids` */
  overwriteUuid(at: number, ids: Uint8Array, from: number): void {
    const { digits } = this;
    for (let i = 0; i < UUID_DIGITS_AT.length; i++) {
      digits.setUint16(at + (UUID_DIGITS_AT[i] ?? 0), HEX_PAIRS[ids[from + i] ?? 0] ?? 0, true);
    }
  }

  /** What was written since the last cut: it stays as it is, whatever is written after it. */
  cut(): Uint8Array<ArrayBuffer> {
    const piece = this.bytes.subarray(this.cutAt, this.length);
    this.cutAt = this.length;
    return piece;
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.length);
  }

  private reserve(size: number): void {
    if (this.length + size <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + size));
    larger.set(this.finish());
    this.bytes = larger;
    this.digits = viewOf(larger);
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
