import { HOUR_MS } from '../duration';
import type { Switches } from '../people/switches';
import { draw } from '../physiology/draw';
import type { Logged } from './logged';

/** People correct themselves about so long after. */
const EDITED_AFTER_MS = HOUR_MS;
const UPDATED_SHARE = 0.2;
const DELETED_SHARE = 0.1;

/**
 * An event and what its person did to it later (dexcom-api.md §2.5, §8.29, U8): the same record with another status, or a second one beside it.
 * @param asOf by when
 */
export function edited(event: Logged, { eventEdits }: Switches, seed: number, asOf: number): Logged[] {
  const change = changeOf(event, seed);
  if (eventEdits === 'none' || change === null || event.visibleAt === null) return [event];
  const changedAt = event.visibleAt + EDITED_AFTER_MS;
  const changed = { ...event, fields: { ...event.fields, ...change } };
  if (eventEdits === 'newId') return [event, { ...changed, key: `${event.key}:edit`, visibleAt: changedAt }];
  return [asOf < changedAt ? event : { ...changed, changedAt }];
}

function changeOf({ takenAt, fields }: Logged, seed: number): Logged['fields'] | null {
  const lot = draw(seed, Math.floor(takenAt / 1_000), 0xed);
  if (lot < DELETED_SHARE) return { eventStatus: 'deleted' };
  if (lot >= DELETED_SHARE + UPDATED_SHARE) return null;
  const { value } = fields;
  const number = Number(value);
  return { eventStatus: 'updated', value: value === null || Number.isNaN(number) ? value : String(number + 1) };
}
