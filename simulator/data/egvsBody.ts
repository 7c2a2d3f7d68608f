import { draw } from '../physiology/draw';
import { type Origin, visible } from '../readings/existing';
import type { Reading } from '../readings/reading';
import type { Settings } from '../world/settings';
import { egvRecord } from './egvRecord';
import { envelope } from './envelope';
import { recordIds } from './recordId';
import type { Window } from './window';

export interface View {
  readonly origin: Origin;
  readonly settings: Settings;
  readonly clientId: string;
  readonly asOf: number;
}

/** @returns a whole answer, every visible record of the window in one body (dexcom-api.md §2.1.5), and how many those are */
export function egvsBody(view: View, { from, to }: Window): { body: string; count: number } {
  const { origin, settings, clientId, asOf } = view;
  const readings = visible(origin, from, to, asOf);
  const idOf = recordIds(clientId, origin.person.id);
  const records = inOrder(readings, settings.order).map((reading) => egvRecord(origin.person, idOf(reading.key), reading));
  return { body: JSON.stringify({ ...envelope('egv', view), records }), count: records.length };
}

/** No order is promised (dexcom-api.md §2.1.6). @param readings oldest first */
function inOrder(readings: readonly Reading[], order: Settings['order']): readonly Reading[] {
  if (order === 'oldestFirst') return readings;
  if (order === 'newestFirst') return readings.toReversed();
  const place = ({ measuredAt }: Reading): number => draw(0x5f1e, Math.floor(measuredAt / 1_000), measuredAt % 1_000);
  return readings.toSorted((a, b) => place(a) - place(b));
}
