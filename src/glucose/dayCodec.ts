import type { Binary } from 'mongodb';
import type { StoredReading } from './reading';

/** A day's readings as `glucose_days` stores them: `encodeDay` and `decodeDay` are the only ones to look inside. */
export interface PackedDay {
  readonly format: 1;
  /** Readings; twins not counted. */
  readonly count: number;
  readonly columns: Binary;
  /** 16 bytes for each record id that is a UUID. */
  readonly ids: Binary;
  readonly words: readonly string[];
  readonly devices: readonly (readonly (string | null)[])[];
  /** What fits no column, as it is. */
  readonly texts: readonly string[];
  readonly odd: readonly unknown[];
}

/** @param dayStart the day's midnight UTC, Unix milliseconds */
export function encodeDay(dayStart: number, readings: readonly StoredReading[]): PackedDay {
  throw new Error(`not written yet: ${dayStart}, ${readings.length}`);
}

/** The inverse of `encodeDay`, exactly. */
export function decodeDay(dayStart: number, packed: PackedDay): StoredReading[] {
  throw new Error(`not written yet: ${dayStart}, ${packed.count}`);
}
