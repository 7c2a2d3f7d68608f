/**
 * Columns of whole numbers in few bytes: seven bits a byte, signs folded, and neighbours told by their difference or by how often they
 * repeat. Numbers are safe integers up to ±2^50. A page of a fortnight reads 40,000 of them, hence the plain loops.
 */
export class ColumnWriter {
  private bytes = new Uint8Array(8192);
  private length = 0;

  unsigned(value: number): void {
    let rest = value;
    for (; rest > 0x7fffffff; rest = Math.floor(rest / 128)) this.byte((rest % 128) | 128);
    for (; rest > 127; rest >>>= 7) this.byte((rest & 127) | 128);
    this.byte(rest);
  }

  signed(value: number): void {
    this.unsigned(value < 0 ? value * -2 - 1 : value * 2);
  }

  /** For columns that hardly change: each value once, with how often it comes. */
  runs(values: readonly number[]): void {
    for (let from = 0; from < values.length; ) {
      const value = values[from] ?? 0;
      let to = from + 1;
      while (to < values.length && values[to] === value) to++;
      this.signed(value);
      this.unsigned(to - from);
      from = to;
    }
  }

  /** For columns that move in small steps. */
  deltas(values: readonly number[]): void {
    let before = 0;
    for (const value of values) {
      this.signed(value - before);
      before = value;
    }
  }

  /** For columns that rise evenly, but for a few. */
  evenRuns(values: readonly number[]): void {
    this.runs(steps(values));
  }

  /** For columns that rise nearly evenly. */
  evenDeltas(values: readonly number[]): void {
    this.deltas(steps(values));
  }

  /** Writes where there is a value. @returns the values there are */
  presence(values: readonly (number | null)[]): number[] {
    this.runs(values.map((value) => (value === null ? 0 : 1)));
    return values.filter((value) => value !== null);
  }

  finish(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  private byte(value: number): void {
    if (this.length === this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.length++] = value;
  }
}

/** Reads what `ColumnWriter` wrote, in the same order. @throws RangeError where the bytes end too soon */
export class ColumnReader {
  private next = 0;

  constructor(private readonly bytes: Uint8Array) {}

  unsigned(): number {
    let byte = this.byte();
    if (byte < 128) return byte;
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      if (byte < 128) return value + byte * weight;
      value += (byte - 128) * weight;
      byte = this.byte();
    }
  }

  signed(): number {
    const folded = this.unsigned();
    if (folded < 0x40000000) return (folded >>> 1) ^ -(folded & 1);
    return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
  }

  runs(count: number): number[] {
    const values: number[] = [];
    while (values.length < count) {
      const value = this.signed();
      const to = values.length + this.unsigned();
      if (to > count) throw new RangeError('A packed day has a column longer than itself');
      while (values.length < to) values.push(value);
    }
    return values;
  }

  deltas(count: number): number[] {
    const values: number[] = [];
    let value = 0;
    for (let i = 0; i < count; i++) {
      value += this.signed();
      values.push(value);
    }
    return values;
  }

  evenRuns(count: number): number[] {
    return sums(this.runs(count));
  }

  evenDeltas(count: number): number[] {
    return sums(this.deltas(count));
  }

  /** @param read the values there are */
  optional(count: number, read: (present: number) => readonly number[]): readonly (number | null)[] {
    const presence = this.runs(count);
    let present = 0;
    for (const one of presence) present += one;
    const values = read(present);
    if (present === count) return values;

    let next = 0;
    return presence.map((one) => (one === 1 ? (values[next++] ?? 0) : null));
  }

  private byte(): number {
    const byte = this.bytes[this.next++];
    if (byte === undefined) throw new RangeError('A packed day ends in the middle of a column');
    return byte;
  }
}

const steps = (values: readonly number[]): number[] => values.map((value, i) => value - (values[i - 1] ?? 0));

function sums(values: number[]): number[] {
  let sum = 0;
  for (let i = 0; i < values.length; i++) values[i] = sum += values[i] ?? 0;
  return values;
}
