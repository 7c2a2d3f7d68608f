import { type OriginColumns, rateAt, ticksAt, timeAt } from './originColumns';
import type { RawTimes, Reading, ReadingDevice, TwinOrigin } from './reading';
import { idHash } from './recordIdColumns';

/**
 * A reading that stays in the columns of its day: what it says is looked up when somebody asks. A page is thousands of them, and most are only
 * written down, straight from the columns (writeSamples.ts). Not for who copies a reading field by field: they are not its own.
 */
export class PackedReading implements Reading {
  constructor(
    readonly columns: OriginColumns,
    readonly row: number,
    readonly twins: readonly TwinOrigin[],
  ) {}

  get at(): number {
    return timeAt(this.columns, this.row);
  }

  get mgPerDl(): number | null {
    return this.columns.values[this.row] ?? null;
  }

  get recordId(): string {
    return this.columns.recordIds.at(this.row);
  }

  /** `idHash` of its record id, whose text need not be made. */
  idHash(): number {
    return this.columns.recordIds.hashAt(this.row);
  }

  get trend(): string | null {
    return this.columns.vocabulary.word(this.columns.trends[this.row]);
  }

  get trendRateMgPerDlPerMin(): number | null {
    return rateAt(this.columns, this.row);
  }

  get status(): string | null {
    return this.columns.vocabulary.word(this.columns.statuses[this.row]);
  }

  get utcOffsetSeconds(): number | null {
    return this.columns.offsets[this.row] ?? null;
  }

  get rawTimes(): RawTimes | null {
    return this.columns.rawTimes[this.row] ?? null;
  }

  get device(): ReadingDevice {
    return this.columns.vocabulary.device(this.columns.devices[this.row]);
  }

  get transmitterTicks(): number | null {
    return ticksAt(this.columns, this.row);
  }
}

/** `idHash` of a reading's record id, packed or not. */
export const idHashOf = (reading: Reading): number => (reading instanceof PackedReading ? reading.idHash() : idHash(reading.recordId));
