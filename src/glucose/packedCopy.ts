import { bytesOf, type PackedDay } from './dayCodec';

/**
 * A packed day of its own memory (what the database gives are views of its whole answer), to compare others with: days packed alike have the
 * same readings.
 */
export class PackedCopy {
  private readonly columns: Buffer;
  private readonly ids: Buffer;
  private readonly others: string;

  constructor(packed: PackedDay) {
    this.columns = Buffer.from(bytesOf(packed.columns));
    this.ids = Buffer.from(bytesOf(packed.ids));
    this.others = othersOf(packed);
  }

  get bytes(): number {
    return this.columns.length + this.ids.length + 2 * this.others.length;
  }

  /** False for days with odd rows: nobody compares them. */
  isAs(packed: PackedDay): boolean {
    return (
      packed.odd.length === 0 &&
      this.ids.equals(bytesOf(packed.ids)) &&
      this.columns.equals(bytesOf(packed.columns)) &&
      this.others === othersOf(packed)
    );
  }
}

const othersOf = ({ format, count, words, devices, texts }: PackedDay): string => JSON.stringify([format, count, words, devices, texts]);
