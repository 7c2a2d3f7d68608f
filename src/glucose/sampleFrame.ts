import { fragment } from './jsonBytes';
import type { Reading } from './reading';
import { displayTime, toSampleDevice } from './sample';

const DAY_MS = 86_400_000;
const CLOCK_LENGTH = '2026-11-22T08:05:12'.length;
const TIME_IN_CLOCK = '2026-11-22T'.length;
const ANY_ID = '00000000-0000-0000-0000-000000000000';

/**
 * What the samples of one device share as long as neither the UTC day nor the person's turns: the JSON around what each says of its value.
 * Ids, clocks and ticks stand in it to be written over; `…At` tell where.
 */
export interface SampleFrame {
  readonly utcOffsetSeconds: number | null;
  /** `[from, to)`, milliseconds since midnight UTC. */
  readonly from: number;
  readonly to: number;
  /** Up to `value`. */
  readonly head: Uint8Array;
  readonly timestampAt: number;
  /** From behind `"record_id":"` to the end, and on to the `value` of a sample like this one: one long piece is copied sooner than two. */
  readonly rest: Uint8Array;
  readonly systemTimeAt: number;
  readonly millisecondsAt: number;
  /** The person's clock; its midnight in milliseconds since midnight UTC. Null if it is not known. */
  readonly shown: { readonly midnight: number; readonly timeAt: number } | null;
  readonly ticksAt: number;
  /** 0: none are known. */
  readonly tickDigits: number;
  /** `[ticksFrom, ticksTo)` have as many; those of none are below zero. */
  readonly ticksFrom: number;
  readonly ticksTo: number;
}

/** @param reading one of them. @param midnight of its UTC day, Unix milliseconds */
export function sampleFrame(reading: Reading, midnight: number): SampleFrame {
  const { at, utcOffsetSeconds, transmitterTicks } = reading;
  const clock = clockAt(midnight);
  const beforeTimestamp = '{"id":null,"timestamp":"';
  const head = `${beforeTimestamp}${clock}+00:00","timezone_offset":${utcOffsetSeconds},"type":null,"unit":"mmol/L",`;

  const offsetMs = (utcOffsetSeconds ?? 0) * 1000;
  const shownMidnight = Math.floor((at + offsetMs) / DAY_MS) * DAY_MS - offsetMs;
  const shown = JSON.stringify(displayTime({ at: shownMidnight, utcOffsetSeconds, rawTimes: null }));
  const beforeSystemTime = `${ANY_ID}","system_time":"`;
  const beforeDisplayTime = `${beforeSystemTime}${clock}.000Z","display_time":`;
  const beforeTicks = `${beforeDisplayTime}${shown},"transmitter_ticks":`;
  const end = `,"device":${JSON.stringify(toSampleDevice(reading.device))},"also_reported":[]}`;

  const tickDigits = transmitterTicks === null ? 0 : String(transmitterTicks).length;

  return {
    utcOffsetSeconds,
    from: Math.max(0, shownMidnight - midnight),
    to: Math.min(0, shownMidnight - midnight) + DAY_MS,
    head: fragment(head),
    timestampAt: beforeTimestamp.length + TIME_IN_CLOCK,
    rest: fragment(`${beforeTicks}${transmitterTicks}${end},${head}`),
    systemTimeAt: beforeSystemTime.length + TIME_IN_CLOCK,
    millisecondsAt: beforeSystemTime.length + CLOCK_LENGTH + 1,
    shown: utcOffsetSeconds === null ? null : { midnight: shownMidnight - midnight, timeAt: beforeDisplayTime.length + 1 + TIME_IN_CLOCK },
    ticksAt: beforeTicks.length,
    tickDigits,
    ticksFrom: tickDigits > 1 ? 10 ** (tickDigits - 1) : tickDigits - 1,
    ticksTo: tickDigits === 0 ? 0 : 10 ** tickDigits,
  };
}

const clockAt = (at: number): string => new Date(at).toISOString().slice(0, CLOCK_LENGTH);
