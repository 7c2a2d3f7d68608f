import { type Life, lifeOf } from '../life/lifeOf';
import type { SyncState } from './syncState';

/**
 * The life of a connection as its workflow knows it, in the words of everybody else. History that cannot be read is no part of it: new readings
 * come all the same. Null until the connection has been read.
 */
export function lifeOfState({ desired, token, live, storage, life }: SyncState): Life | null {
  if (desired === null) return null;
  const error = token.error ?? live.error ?? storage.error;
  const now = lifeOf({
    desired,
    desiredSince: null,
    ended: null,
    reauth: token.needsReauth === null ? null : { reason: token.needsReauth, at: null },
    error: error === null ? null : { type: error, since: null },
    connectedSince: null,
  });
  return life?.state === now.state && life.reason === now.reason ? { ...now, since: life.since } : now;
}

/** Keeps since when the connection is in the state it is in. */
export function withLife(state: SyncState, now: number): SyncState {
  const life = lifeOfState(state);
  if (life === null || (life.since !== null && life.since === state.life?.since)) return state;
  return { ...state, life: { state: life.state, reason: life.reason, since: now } };
}
