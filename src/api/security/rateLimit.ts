import { tooMany } from '../errors';

/** So many calls per window and name, counted in this process. */
export interface RateLimit {
  /** Takes one. @param now Unix milliseconds @throws ApiError 429 that says when the next one is free */
  take(name: string, now: number): void;
  /** Names whose last window was not over at the last call. */
  readonly size: number;
}

export function createRateLimit({ calls, windowMs }: { readonly calls: number; readonly windowMs: number }): RateLimit {
  /** Who took last stands last. */
  const taken = new Map<string, readonly number[]>();

  return {
    take(name, now) {
      forgetUntil(now - windowMs, taken);
      const recent = (taken.get(name) ?? []).filter((at) => at > now - windowMs);
      const [oldest] = recent;
      if (oldest !== undefined && recent.length >= calls) throw tooMany('Too many calls', oldest + windowMs - now);
      taken.delete(name);
      taken.set(name, [...recent, now]);
    },

    get size() {
      return taken.size;
    },
  };
}

function forgetUntil(end: number, taken: Map<string, readonly number[]>): void {
  for (const [name, times] of taken) {
    if ((times.at(-1) ?? 0) > end) return;
    taken.delete(name);
  }
}
