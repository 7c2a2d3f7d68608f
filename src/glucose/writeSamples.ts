import { fragment, type JsonBytes } from './jsonBytes';
import type { Reading, ReadingDevice } from './reading';
import { isMeasured, type MeasuredReading, toSample } from './sample';
import { outOfRange, toMmolPerL } from './units';

const DAY_MS = 86_400_000;
const YEAR_10000 = Date.parse('9999-12-31T23:59:59.999Z') + 1;
const LARGEST_OFFSET_SECONDS = 86_400;
const CLOCK_LENGTH = '2026-11-22T08:05:12'.length;
const [COLON, COMMA, POINT] = [0x3a, 0x2c, 0x2e];

const TIMESTAMP = fragment('{"id":null,"timestamp":"');
const SYSTEM_TIME = fragment('","system_time":"');
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
class Made<Key, From, Result> {
  private readonly known = new Map<Key, Result>();

  constructor(private readonly make: (from: From) => Result) {}

  of(key: Key, from: From): Result {
    const there = this.known.get(key);
    if (there !== undefined) return there;
    const made = this.make(from);
    this.known.set(key, made);
    return made;
  }
}

/** Each fragment reaches from behind one field that varies to before the next. */
class SampleWriter {
  private readonly offsets = new Made<number | null, MeasuredReading, OffsetBytes>(offsetBytes);
  private readonly values = new Made<number, MeasuredReading, Uint8Array>(valueBytes);
  private readonly trends = new Made<string | null, MeasuredReading, Uint8Array>(trendBytes);
  private readonly rates = new Made<number | null, MeasuredReading, Uint8Array>(rateBytes);
  private readonly statuses = new Made<string | null, MeasuredReading, Uint8Array>(statusBytes);
  private readonly devices = new Made<ReadingDevice, MeasuredReading, Uint8Array>(deviceBytes);
  private readonly dates = new Made<number, number, Uint8Array>(dateBytes);

  constructor(private readonly out: JsonBytes) {}

  write(reading: MeasuredReading): void {
    const { out } = this;
    const { at, utcOffsetSeconds, transmitterTicks, twins } = reading;
    const offset = this.offsets.of(utcOffsetSeconds, reading);

    out.copy(TIMESTAMP);
    this.clock(at);
    out.copy(offset.timezone);
    out.copy(this.values.of(reading.mgPerDl, reading));
    out.copy(this.trends.of(reading.trend, reading));
    out.copy(this.rates.of(reading.trendRateMgPerDlPerMin, reading));
    out.copy(this.statuses.of(reading.status, reading));
    out.text(reading.recordId);
    out.copy(SYSTEM_TIME);
    this.clock(at);
    out.byte(POINT);
    out.padded(at % 1000, 3);
    out.copy(offset.display);
    if (utcOffsetSeconds !== null) this.clock(at + utcOffsetSeconds * 1000);
    out.copy(offset.zone);
    this.number(transmitterTicks);
    out.copy(this.devices.of(reading.device, reading));
    out.copy(twins.length === 0 ? NO_TWINS : after(toSample(reading).also_reported, '}'));
  }

  /** `2026-11-22T08:05:12`. */
  private clock(at: number): void {
    const day = Math.floor(at / DAY_MS);
    const seconds = Math.floor((at - day * DAY_MS) / 1000);
    const minutes = Math.floor(seconds / 60);
    const hours = Math.floor(minutes / 60);
    this.out.copy(this.dates.of(day, day));
    this.out.padded(hours, 2);
    this.out.byte(COLON);
    this.out.padded(minutes - hours * 60, 2);
    this.out.byte(COLON);
    this.out.padded(seconds - minutes * 60, 2);
  }

  private number(value: number | null): void {
    if (value !== null && Number.isInteger(value) && value >= 0 && value < 2 ** 31) this.out.whole(value);
    else this.out.copy(value === null ? NULL : after(value, ''));
  }
}

const after = (value: unknown, text: string): Uint8Array => fragment(JSON.stringify(value) + text);

interface OffsetBytes {
  readonly timezone: Uint8Array;
  readonly display: Uint8Array;
  readonly zone: Uint8Array;
}

function offsetBytes(reading: MeasuredReading): OffsetBytes {
  const { timezone_offset, display_time } = toSample(reading);
  return {
    timezone: fragment(`+00:00","timezone_offset":${JSON.stringify(timezone_offset)},"type":null,"unit":"mmol/L",`),
    display: fragment(display_time === null ? 'Z","display_time":null' : 'Z","display_time":"'),
    zone: fragment(`${display_time === null ? '' : `${display_time.slice(CLOCK_LENGTH)}"`},"transmitter_ticks":`),
  };
}

function valueBytes({ mgPerDl }: MeasuredReading): Uint8Array {
  const fields = { value: toMmolPerL(mgPerDl), value_mg_per_dl: mgPerDl, out_of_range: outOfRange(mgPerDl) };
  return fragment(`${JSON.stringify(fields).slice(1, -1)},"trend":`);
}

const deviceBytes = (reading: MeasuredReading): Uint8Array =>
  fragment(`,"device":${JSON.stringify(toSample(reading).device)},"also_reported":`);

const trendBytes = ({ trend }: MeasuredReading): Uint8Array => after(trend, ',"trend_rate_mg_per_dl_per_min":');
const rateBytes = ({ trendRateMgPerDlPerMin: rate }: MeasuredReading): Uint8Array => after(rate, ',"status":');
const statusBytes = ({ status }: MeasuredReading): Uint8Array => after(status, ',"record_id":"');
const dateBytes = (day: number): Uint8Array => fragment(new Date(day * DAY_MS).toISOString().slice(0, 11));
