import type { Rhythm } from '../people/pace';

/** A recording made by a real sensor, ready to be told again. */
export interface Recording {
  /** SHA-256 of the file's bytes, shortened, so that the same file is the same recording. */
  readonly id: string;
  /** Oldest first, at least one. */
  readonly rows: readonly RecordedReading[];
  readonly rhythm: Rhythm;
}

export interface RecordedReading {
  /** When it was measured according to the file, Unix milliseconds. */
  readonly recordedAt: number;
  readonly mgPerDl: number;
  readonly trendRate: number | null;
  /** 64 hex digits; made from the file's short id. */
  readonly transmitterId: string;
  readonly transmitterTicks: number;
}
