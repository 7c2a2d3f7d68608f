import { hash } from 'node:crypto';
import type { Recording } from '../clarity/recording';
import type { Slot } from '../people/pace';
import { trendOf } from '../physiology/trend';
import type { Measurement } from './reading';

/** What the recording has for a slot, told again at the slot's instant; round after round. */
export function retell(recording: Recording, { index, nominalAt }: Slot): Measurement {
  const { length } = recording.rows;
  const row = recording.rows[index % length];
  if (!row) throw new RangeError(`Recording ${recording.id} has no readings`);
  return {
    key: `recorded:${index}`,
    measuredAt: nominalAt,
    mgPerDl: row.mgPerDl,
    trend: row.trendRate === null ? null : trendOf(row.trendRate),
    trendRate: row.trendRate,
    transmitterId: transmitterOf(row.transmitterId, Math.floor(index / length)),
    transmitterTicks: row.transmitterTicks,
  };
}

/** Each round of the recording wears new transmitters: one transmitter's ticks never come twice. */
const transmitterOf = (recorded: string, round: number): string =>
  round === 0 ? recorded : hash('sha256', `${recorded} round ${round}`, 'hex');
