import { fragment } from './jsonBytes';
import { type MeasuredReading, toSample } from './sample';

const DAY_MS = 86_400_000;
const CLOCK_LENGTH = '2026-11-22T08:05:12'.length;
const TIME_IN_CLOCK = '2026-11-22T'.length;

/**
 * What the samples of one device share as long as neither the UTC day nor the person's turns: the JSON around what each has of its own. Clocks
 * stand in it at midnight, to be written over; `…At` tell where.
 */
export interface SampleFrame {
  readonly utcOffsetSeconds: number | null;
  /** `[from, to)`, Unix milliseconds. */
  readonly from: number;
  readonly to: number;
  /** UTC, Unix milliseconds. */
  readonly midnight: number;
  /** Up to `value`. */
  readonly head: Uint8Array;
  readonly timestampAt: number;
  /** From behind `record_id` up to `transmitter_ticks`. */
  readonly middle: Uint8Array;
  readonly systemTimeAt: number;
  readonly millisecondsAt: number;
  /** The person's clock; its midnight as Unix milliseconds. Null if it is not known. */
  readonly shown: { readonly midnight: number; readonly timeAt: number } | null;
  /** From behind `transmitter_ticks` up to `also_reported`. */
  readonly tail: Uint8Array;
}

export function sampleFrame(reading: MeasuredReading): SampleFrame {
  const { at, utcOffsetSeconds } = reading;
  const { timezone_offset, display_time, device } = toSample(reading);
  const midnight = startOfDay(at);
  const clock = clockAt(midnight);
  const beforeTimestamp = '{"id":null,"timestamp":"';
  const beforeSystemTime = '","system_time":"';
  const beforeDisplayTime = `${beforeSystemTime}${clock}.000Z","display_time":`;

  const offsetMs = (utcOffsetSeconds ?? 0) * 1000;
  const shownMidnight = startOfDay(at + offsetMs) - offsetMs;
  const shownClock = display_time === null ? 'null' : `"${clockAt(shownMidnight + offsetMs)}${display_time.slice(CLOCK_LENGTH)}"`;

  return {
    utcOffsetSeconds,
    from: Math.max(midnight, shownMidnight),
    to: Math.min(midnight, shownMidnight) + DAY_MS,
    midnight,
    head: fragment(`${beforeTimestamp}${clock}+00:00","timezone_offset":${timezone_offset},"type":null,"unit":"mmol/L",`),
    timestampAt: beforeTimestamp.length + TIME_IN_CLOCK,
    middle: fragment(`${beforeDisplayTime}${shownClock},"transmitter_ticks":`),
    systemTimeAt: beforeSystemTime.length + TIME_IN_CLOCK,
    millisecondsAt: beforeSystemTime.length + CLOCK_LENGTH + 1,
    shown: display_time === null ? null : { midnight: shownMidnight, timeAt: beforeDisplayTime.length + 1 + TIME_IN_CLOCK },
    tail: fragment(`,"device":${JSON.stringify(device)},"also_reported":`),
  };
}

const startOfDay = (at: number): number => Math.floor(at / DAY_MS) * DAY_MS;
const clockAt = (at: number): string => new Date(at).toISOString().slice(0, CLOCK_LENGTH);
