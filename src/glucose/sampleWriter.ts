import { fragment, type JsonBytes } from './jsonBytes';
import type { OriginColumns } from './originColumns';
import type { PackedReading } from './packedReading';
import { alsoReported, type MeasuredReading, toSample } from './sample';
import { type SampleFrame, sampleFrame } from './sampleFrame';
import { SampleTexts, type TrendTexts } from './sampleTexts';

const DAY_MS = 86_400_000;
const YEAR_10000 = Date.parse('9999-12-31T23:59:59.999Z') + 1;
const LARGEST_OFFSET_SECONDS = 86_400;
const MOST_TICKS = 2 ** 31;

/** Less than any. */
const NO_TICKS = -1;

const COMMA = 0x2c;
const NO_TWINS = fragment('[]}');

const TEXTS = new SampleTexts();

/** Writes samples one behind the other. What they share is copied in three pieces, and what is a sample's own is written over them. */
export class SampleWriter {
  private isFirst = true;
  /** The frame whose head stands at the end already, for the next sample, and where. */
  private begun: SampleFrame | null = null;
  private begunAt = 0;

  private columns: OriginColumns | null = null;
  private isUsualDay = false;
  private midnightSeconds = 0;
  private frames: (SampleFrame | undefined)[] = [];
  /** By number of the trend, one more, for `status`. */
  private trends: (TrendTexts | undefined)[] = [];
  private status = Number.NaN;

  constructor(private readonly out: JsonBytes) {}

  /** Any reading. */
  write(reading: MeasuredReading): void {
    this.end();
    this.separate();
    this.out.copy(fragment(JSON.stringify(toSample(reading))));
  }

  /** Straight from its columns. @returns false, and has written nothing, where it has no value or times, ticks or an id of an unusual kind */
  writePacked(reading: PackedReading): boolean {
    const { columns, row, twins } = reading;
    const mgPerDl = columns.values[row] ?? null;
    if (mgPerDl === null) return false;
    if (columns !== this.columns) this.turnTo(columns);
    const sinceMidnight = columns.sinceMidnight[row] ?? -1;
    const place = columns.recordIds.places[row] ?? -1;
    const seconds = (sinceMidnight / 1000) | 0;
    const ticksOver = columns.ticksOver[row] ?? null;
    const ticks = ticksOver === null ? NO_TICKS : ticksOver + this.midnightSeconds + seconds;
    if (!this.isUsualDay || place < 0 || sinceMidnight < 0 || sinceMidnight >= DAY_MS || columns.rawTimes[row]) return false;
    if (ticksOver !== null && (ticks < 0 || ticks >= MOST_TICKS)) return false;
    const frame = this.frameOf(reading, sinceMidnight, ticks);
    if (!frame) return false;

    const { out } = this;
    out.overwriteClock(this.beginAs(frame) + frame.timestampAt, seconds);
    const rest = out.copyThree(TEXTS.ofValue(mgPerDl), this.trendOf(columns, row).ofRate(columns.rates[row] ?? null), frame.rest);
    out.overwriteUuid(rest, columns.recordIds.bytes, place);
    out.overwriteClock(rest + frame.systemTimeAt, seconds);
    const milliseconds = sinceMidnight - seconds * 1000;
    if (milliseconds > 0) out.overwrite(rest + frame.millisecondsAt, milliseconds, 3);
    if (frame.shown) out.overwriteClock(rest + frame.shown.timeAt, ((sinceMidnight - frame.shown.midnight) / 1000) | 0);
    if (ticksOver !== null) out.overwrite(rest + frame.ticksAt, ticks, frame.tickDigits);

    this.begun = frame;
    this.begunAt = rest + frame.rest.length - frame.head.length;
    if (twins.length > 0) this.endWithTwins(reading);
    return true;
  }

  /** Takes back what was begun for a sample that does not come. */
  end(): void {
    if (!this.begun) return;
    this.out.takeBack(this.begun.head.length + 1);
    this.begun = null;
  }

  /** @returns where the sample begins */
  private beginAs(frame: SampleFrame): number {
    if (this.begun === frame) return this.begunAt;
    this.end();
    this.separate();
    return this.out.copy(frame.head);
  }

  private separate(): void {
    if (!this.isFirst) this.out.byte(COMMA);
    this.isFirst = false;
  }

  private endWithTwins(reading: PackedReading): void {
    this.end();
    this.out.takeBack(NO_TWINS.length);
    this.out.copy(fragment(`${JSON.stringify(alsoReported(reading))}}`));
  }

  private turnTo(columns: OriginColumns): void {
    const { dayStart } = columns;
    this.columns = columns;
    this.isUsualDay = dayStart % DAY_MS === 0 && dayStart >= DAY_MS && dayStart < YEAR_10000 - 2 * DAY_MS;
    this.midnightSeconds = dayStart / 1000;
    this.frames = [];
    this.status = Number.NaN;
  }

  private frameOf(reading: PackedReading, sinceMidnight: number, ticks: number): SampleFrame | null {
    const { columns, row } = reading;
    const device = columns.devices[row] ?? -1;
    const offset = columns.offsets[row] ?? null;
    const last = this.frames[device];
    const isSame = last && last.utcOffsetSeconds === offset && sinceMidnight >= last.from && sinceMidnight < last.to;
    if (isSame && ticks >= last.ticksFrom && ticks < last.ticksTo) return last;
    if (offset !== null && Math.abs(offset) > LARGEST_OFFSET_SECONDS) return null;

    const frame = sampleFrame(reading, columns.dayStart);
    this.frames[device] = frame;
    return frame;
  }

  private trendOf({ trends, statuses, vocabulary }: OriginColumns, row: number): TrendTexts {
    const trend = trends[row] ?? -1;
    const status = statuses[row] ?? -1;
    if (status !== this.status) this.trends = [];
    this.status = status;
    const known = this.trends[trend + 1];
    if (known) return known;
    const texts = TEXTS.ofTrend(vocabulary.word(trend), vocabulary.word(status));
    this.trends[trend + 1] = texts;
    return texts;
  }
}
