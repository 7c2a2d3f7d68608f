import { fragment, type JsonBytes } from './jsonBytes';
import type { Reading, ReadingDevice } from './reading';
import { isMeasured, type MeasuredReading, toSample } from './sample';
import { type SampleFrame, sampleFrame } from './sampleFrame';
import { outOfRange, toMmolPerL } from './units';

const DAY_MS = 86_400_000;
const YEAR_10000 = Date.parse('9999-12-31T23:59:59.999Z') + 1;
const LARGEST_OFFSET_SECONDS = 86_400;
const COMMA = 0x2c;

const NULL = fragment('null');
const NO_TWINS = fragment('[]}');

/**
 * Writes `JSON.stringify` of the samples of `readings`, those without a value left out, in a fraction of the time: a page is thousands of
 * objects that differ in a few numbers, so what repeats is made once and copied. The same as `toSample` gives, byte by byte
 * (test/glucose/writeSamples.test.ts).
 */
export function writeSamples(out: JsonBytes, readings: readonly Reading[]): void {
  const writer = new SampleWriter(out);
  out.byte(0x5b);
  let written = 0;
  for (const reading of readings) {
    if (!isMeasured(reading)) continue;
    if (written++ > 0) out.byte(COMMA);
    if (isPlain(reading)) writer.write(reading);
    else out.copy(fragment(JSON.stringify(toSample(reading))));
  }
  out.byte(0x5d);
}

/** Whether its times can be written here: whole milliseconds, and the person's clock as it follows from the offset. */
function isPlain({ at, utcOffsetSeconds, rawTimes }: MeasuredReading): boolean {
  if (rawTimes !== null || !Number.isInteger(at) || at < DAY_MS || at >= YEAR_10000 - DAY_MS) return false;
  return utcOffsetSeconds === null || (Number.isInteger(utcOffsetSeconds) && Math.abs(utcOffsetSeconds) <= LARGEST_OFFSET_SECONDS);
}

/** What has been made of a value, once for all readings that have it. Its maker is given once too: one made for each reading would cost more. */
class Made<Key, Result> {
  private readonly known = new Map<Key, Result>();

  constructor(private readonly make: (reading: MeasuredReading) => Result) {}

  of(key: Key, reading: MeasuredReading): Result {
    const there = this.known.get(key);
    if (there !== undefined) return there;
    const made = this.make(reading);
    this.known.set(key, made);
    return made;
  }
}

/** Copies what a sample shares with others in four pieces, and writes between and over them what is its own. */
class SampleWriter {
  private readonly frames = new Map<ReadingDevice, SampleFrame>();
  private readonly words = new Made<string | null, MadeOfStatus>(() => new Made(() => new Made(wordBytes)));

  constructor(private readonly out: JsonBytes) {}

  write(reading: MeasuredReading): void {
    const { out } = this;
    const { at, mgPerDl, trend, status, trendRateMgPerDlPerMin: rate, recordId, transmitterTicks, twins } = reading;
    const frame = this.frameOf(reading);
    const sinceMidnightMs = at - frame.midnight;
    const seconds = (sinceMidnightMs / 1000) | 0;

    const head = out.copy(frame.head);
    out.overwriteClock(head + frame.timestampAt, seconds);
    out.copy(valueBytes(mgPerDl));
    out.copy(this.words.of(trend, reading).of(status, reading).of(rate, reading));
    out.text(recordId);
    const middle = out.copy(frame.middle);
    out.overwriteClock(middle + frame.systemTimeAt, seconds);
    out.overwrite(middle + frame.millisecondsAt, sinceMidnightMs - seconds * 1000, 3);
    if (frame.shown) out.overwriteClock(middle + frame.shown.timeAt, ((at - frame.shown.midnight) / 1000) | 0);
    this.number(transmitterTicks);
    out.copy(frame.tail);
    out.copy(twins.length === 0 ? NO_TWINS : fragment(`${JSON.stringify(toSample(reading).also_reported)}}`));
  }

  private frameOf(reading: MeasuredReading): SampleFrame {
    const { device, at, utcOffsetSeconds } = reading;
    const last = this.frames.get(device);
    if (last && last.utcOffsetSeconds === utcOffsetSeconds && at >= last.from && at < last.to) return last;
    const frame = sampleFrame(reading);
    this.frames.set(device, frame);
    return frame;
  }

  private number(value: number | null): void {
    if (value !== null && Number.isInteger(value) && value >= 0 && value < 2 ** 31) this.out.whole(value);
    else this.out.copy(value === null ? NULL : fragment(JSON.stringify(value)));
  }
}

type MadeOfStatus = Made<string | null, Made<number | null, Uint8Array>>;

/** By mg/dL, for all pages: a sensor has 363 of them. */
const VALUES: (Uint8Array | undefined)[] = [];
const VALUES_KEPT = 1_000;

function valueBytes(mgPerDl: number): Uint8Array {
  if (!Number.isInteger(mgPerDl) || mgPerDl < 0 || mgPerDl >= VALUES_KEPT) return makeValue(mgPerDl);
  VALUES[mgPerDl] ??= makeValue(mgPerDl);
  return VALUES[mgPerDl];
}

function makeValue(mgPerDl: number): Uint8Array {
  const fields = { value: toMmolPerL(mgPerDl), value_mg_per_dl: mgPerDl, out_of_range: outOfRange(mgPerDl) };
  return fragment(`${JSON.stringify(fields).slice(1, -1)},`);
}

function wordBytes({ trend, trendRateMgPerDlPerMin, status }: MeasuredReading): Uint8Array {
  const fields = { trend, trend_rate_mg_per_dl_per_min: trendRateMgPerDlPerMin, status };
  return fragment(`${JSON.stringify(fields).slice(1, -1)},"record_id":"`);
}
