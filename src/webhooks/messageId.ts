import { createHash } from 'node:crypto';
import type { Reading } from '../glucose/reading';

/** One version's news of one day bucket, cut by a constant count: what a message of readings tells (design §2, "Crash-safe novelty"). */
export interface GlucoseNews {
  /** `_id` of the bucket. */
  readonly day: string;
  readonly version: number;
  readonly change: 'created' | 'updated';
  readonly readings: readonly Pick<Reading, 'recordId' | 'mgPerDl' | 'at'>[];
}

/**
 * One id, one content: the same news gives the same id whoever tells it and however often, and other news another one, also after a restore
 * that takes a bucket's version back.
 */
export const glucoseMessageId = ({ day, version, change, readings }: GlucoseNews): string =>
  messageId('glucose', day, version, change, ...readings.map(({ recordId, mgPerDl, at }) => [recordId, mgPerDl, at]));

/** For what happens once to its subject: `messageId('historical', connectionId, consentId)`. @returns `msg_` + 32 hex digits */
export const messageId = (...told: readonly (string | number | readonly (string | number | null)[])[]): string =>
  `msg_${createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 32)}`;
