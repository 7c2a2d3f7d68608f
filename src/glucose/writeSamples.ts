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

/** Remembers the bytes of what repeats; each fragment reaches from behind one field that varies to before the next. */
class SampleWriter {
  private readonly offsets = new Map<
    number | null,
    { readonly timezone: Uint8Array; readonly display: Uint8Array; readonly zone: Uint8Array }
  >();
  private readonly values = new Map<number, Uint8Array>();
  private readonly trends = new Map<string | null, Uint8Array>();
  private readonly rates = new Map<number | null, Uint8Array>();
  private readonly statuses = new Map<string | null, Uint8Array>();
  private readonly devices = new Map<ReadingDevice, Uint8Array>();
  private readonly dates = new Map<number, Uint8Array>();

  constructor(private readonly out: JsonBytes) {}

  write(reading: MeasuredReading): void {
    const { out } = this;
    const { at, utcOffsetSeconds, transmitterTicks, twins } = reading;
    const offset = remembered(this.offsets, utcOffsetSeconds, () => offsetBytes(reading));

    out.copy(TIMESTAMP);
    this.clock(at);
    out.copy(offset.timezone);
    out.copy(remembered(this.values, reading.mgPerDl, () => valueBytes(reading)));
    out.copy(remembered(this.trends, reading.trend, () => after(reading.trend, ',"trend_rate_mg_per_dl_per_min":')));
    out.copy(remembered(this.rates, reading.trendRateMgPerDlPerMin, () => after(reading.trendRateMgPerDlPerMin, ',"status":')));
    out.copy(remembered(this.statuses, reading.status, () => after(reading.status, ',"record_id":"')));
    out.text(reading.recordId);
    out.copy(SYSTEM_TIME);
    this.clock(at);
    out.byte(POINT);
    out.padded(at % 1000, 3);
    out.copy(offset.display);
    if (utcOffsetSeconds !== null) this.clock(at + utcOffsetSeconds * 1000);
    out.copy(offset.zone);
    this.number(transmitterTicks);
    out.copy(remembered(this.devices, reading.device, () => deviceBytes(reading)));
    out.copy(twins.length === 0 ? NO_TWINS : after(toSample(reading).also_reported, '}'));
  }

  /** `2026-11-22T08:05:12`. */
  private clock(at: number): void {
    const day = Math.floor(at / DAY_MS);
    const seconds = Math.floor((at - day * DAY_MS) / 1000);
    const minutes = Math.floor(seconds / 60);
    const hours = Math.floor(minutes / 60);
    this.out.copy(remembered(this.dates, day, () => fragment(new Date(day * DAY_MS).toISOString().slice(0, 11))));
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

function remembered<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const there = known.get(key);
  if (there !== undefined) return there;
  const made = make();
  known.set(key, made);
  return made;
}

const after = (value: unknown, text: string): Uint8Array => fragment(JSON.stringify(value) + text);

function offsetBytes(reading: MeasuredReading): { readonly timezone: Uint8Array; readonly display: Uint8Array; readonly zone: Uint8Array } {
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
