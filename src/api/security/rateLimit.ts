import { tooMany } from '../errors';

/** So many calls per window and name, counted in this process. */
export interface RateLimit {
  /** Takes one. @throws ApiError 429 that says when the next one is free */
  take(name: string): void;
}

export function createRateLimit({ calls, windowMs }: { readonly calls: number; readonly windowMs: number }): RateLimit {
  const taken = new Map<string, readonly number[]>();

  return {
    take(name) {
      const now = Date.now();
      const recent = (taken.get(name) ?? []).filter((at) => at > now - windowMs);
      const [oldest] = recent;
      if (oldest !== undefined && recent.length >= calls) throw tooMany('Too many calls', oldest + windowMs - now);
      taken.set(name, [...recent, now]);
    },
  };
}
