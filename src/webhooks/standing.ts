import type { BacklogPolicy } from '../workflows/backlogPolicy';

/** What there is to tell of an endpoint that takes nothing. */
export type Standing = { readonly kind: 'quiet' } | { readonly kind: 'warn'; readonly percent: number } | { readonly kind: 'disable' };

/** @param warnedPercent what was told last. A level that nobody was there to tell in time is left out: the highest one reached is told */
export function standingOf(
  { failingSince, warnedPercent }: { readonly failingSince: number; readonly warnedPercent: number },
  now: number,
  { disableAfterMs, warnAtPercent }: Pick<BacklogPolicy, 'disableAfterMs' | 'warnAtPercent'>,
): Standing {
  const percent = ((now - failingSince) / disableAfterMs) * 100;
  if (percent >= 100) return { kind: 'disable' };
  const reached = warnAtPercent.findLast((level) => percent >= level) ?? 0;
  return reached > warnedPercent ? { kind: 'warn', percent: reached } : { kind: 'quiet' };
}
