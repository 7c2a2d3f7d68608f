import { defineSearchAttributeKey } from '@temporalio/common';

/** What a connection's workflow is busy with, in one word. */
export type SyncPhase = 'starting' | 'backfill' | 'live' | 'paused' | 'failing' | 'needs_reauth';

const PHASES: Readonly<Record<SyncPhase, true>> = {
  starting: true,
  backfill: true,
  live: true,
  paused: true,
  failing: true,
  needs_reauth: true,
};

export const isPhase = (word: string): word is SyncPhase => Object.hasOwn(PHASES, word);

/** `SyncPhase`: find everything in one state, `SyncPhase = "failing"`. */
export const syncPhaseKey = defineSearchAttributeKey('SyncPhase', 'KEYWORD');
/** `ConnectionError`: type of the last failure while it lasts (`DexcomUnavailable`, `revoked` …). Never a message: search attributes are plain text. */
export const connectionErrorKey = defineSearchAttributeKey('ConnectionError', 'KEYWORD');
export const teamIdKey = defineSearchAttributeKey('TeamId', 'KEYWORD');
export const userIdKey = defineSearchAttributeKey('UserId', 'KEYWORD');
export const providerKey = defineSearchAttributeKey('Provider', 'KEYWORD');

/** All of them are keywords. The server must know them before the first workflow starts: `temporal operator search-attribute create`, or the flags of `start-dev`. */
export const searchAttributeNames = [syncPhaseKey, connectionErrorKey, teamIdKey, userIdKey, providerKey].map(({ name }) => name);
