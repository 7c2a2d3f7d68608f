/** A column as it is written; NaN where a row has nothing. Of no use any more once its writer begins anew. */
export type Column = Float64Array;

/** No number takes more bytes. */
const LONGEST = 8;

/**
 * Columns of whole numbers in few bytes: seven bits a byte, signs folded, and neighbours told by their difference or by how often they
 * repeat. Numbers are safe integers up to ±2^50. A page of a fortnight reads 40,000 of them, and a window of history writes twice as many, hence
 * the plain loops.
 */
export class ColumnWriter {
  private bytes = new Uint8Array(4096);
  private length = 0;
  private columns = new Float64Array(8192);
  private taken = 0;

  /** Forgets what was written. A writer is used again and again: buffers for every day cost more than filling them. */
  begin(): void {
    this.length = 0;
    this.taken = 0;
  }

  /** To be filled, every row of it. */
  column(rows: number): Column {
    if (this.taken + rows > this.columns.length) {
      this.columns = new Float64Array(this.columns.length + rows * 2);
      this.taken = 0;
    }
    this.taken += rows;
    return this.columns.subarray(this.taken - rows, this.taken);
  }

  columnOf<Row>(rows: readonly Row[], numberOf: (row: Row) => number): Column {
    const numbers = this.column(rows.length);
    let n = 0;
    for (const row of rows) numbers[n++] = numberOf(row);
    return numbers;
  }

  unsigned(value: number): void {
    this.makeRoom(1);
    this.put(value);
  }

  /** For columns that hardly change: each value once, with how often it comes. */
  runs(values: Column): void {
    for (let from = 0; from < values.length; ) {
      const value = values[from] ?? 0;
      let to = from + 1;
      while (to < values.length && values[to] === value) to++;
      this.run(value, to - from);
      from = to;
    }
  }

  /** For columns that move in small steps. */
  deltas(values: Column): void {
    this.makeRoom(values.length);
    let before = 0;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? 0;
      this.put(folded(value - before));
      before = value;
    }
  }

  /** For columns that rise evenly, but for a few. */
  evenRuns(values: Column): void {
    this.runs(this.steps(values));
  }

  /** For columns that rise nearly evenly. */
  evenDeltas(values: Column): void {
    this.deltas(this.steps(values));
  }

  /** Writes where there is a value. @returns the values there are */
  presence(values: Column): Column {
    const there = this.column(values.length);
    let count = 0;
    for (let from = 0; from < values.length; ) {
      const isThere = !Number.isNaN(values[from]);
      let to = from;
      for (; to < values.length && !Number.isNaN(values[to]) === isThere; to++) if (isThere) there[count++] = values[to] ?? 0;
      this.run(Number(isThere), to - from);
      from = to;
    }
    return there.subarray(0, count);
  }

  finish(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  private steps(values: Column): Column {
    const steps = this.column(values.length);
    let before = 0;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? 0;
      steps[i] = value - before;
      before = value;
    }
    return steps;
  }

  private run(value: number, times: number): void {
    this.makeRoom(2);
    this.put(folded(value));
    this.put(times);
  }

  private put(value: number): void {
    let rest = value;
    for (; rest > 0x7fffffff; rest = Math.floor(rest / 128)) this.bytes[this.length++] = (rest % 128) | 128;
    for (; rest > 127; rest >>>= 7) this.bytes[this.length++] = (rest & 127) | 128;
    this.bytes[this.length++] = rest;
  }

  private makeRoom(numbers: number): void {
    const needed = this.length + numbers * LONGEST;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(needed * 2);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** The sign in the last bit. */
const folded = (value: number): number => (value < 0 ? value * -2 - 1 : value * 2);

/**
 * Reads what `ColumnWriter` wrote, in the same order. Columns are as long as they will be from the beginning: growing ones are copied again and
 * again. @throws RangeError where the bytes end too soon
 */
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
    const values = new Array<number>(count);
    for (let i = 0; i < count; ) {
      const value = this.signed();
      const to = i + this.unsigned();
      if (to > count) throw new RangeError('A packed day has a column longer than itself');
      while (i < to) values[i++] = value;
    }
    return values;
  }

  deltas(count: number): number[] {
    const values = new Array<number>(count);
    let value = 0;
    for (let i = 0; i < count; i++) values[i] = value += this.signed();
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
    if (this.isOneRun(1, count)) return read(count);
    const presence = this.runs(count);
    let present = 0;
    for (const one of presence) present += one;
    const values = read(present);

    let next = 0;
    return presence.map((one) => (one === 1 ? (values[next++] ?? 0) : null));
  }

  /** Reads a column of `runs` if it says one value all along; else nothing. */
  isOneRun(value: number, count: number): boolean {
    const before = this.next;
    if (count > 0 && this.signed() === value && this.unsigned() === count) return true;
    this.next = before;
    return false;
  }

  private byte(): number {
    const byte = this.bytes[this.next++];
    if (byte === undefined) throw new RangeError('A packed day ends in the middle of a column');
    return byte;
  }
}

function sums(values: number[]): number[] {
  let sum = 0;
  for (let i = 0; i < values.length; i++) values[i] = sum += values[i] ?? 0;
  return values;
}
