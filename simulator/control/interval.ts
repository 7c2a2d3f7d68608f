import { z } from 'zod';
import { Duration } from '../instant';
import type { Pace } from '../people/pace';
import type { Person } from '../people/person';
import { ControlRefused } from './input';

/** A duration of a second at least, `own` for a recording's pace, `none` for no sensor. */
export const Interval = z.union([z.literal('own'), z.literal('none'), Duration.refine((ms) => ms >= 1_000, 'must be at least 1s')]);

/** @throws ControlRefused if somebody without a recording is to follow theirs */
export function paceOf(interval: z.output<typeof Interval>, { id, source }: Person): Pace {
  if (interval === 'none') return { kind: 'none' };
  if (interval !== 'own') return { kind: 'every', stepMs: Math.round(interval) };
  if (source.kind !== 'recording') throw new ControlRefused(422, `interval: ${id} replays no recording, so has no pace of their own`);
  return { kind: 'recorded' };
}
