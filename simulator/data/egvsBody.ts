import { oddly } from '../oddities/oddities';
import { type Origin, visible } from '../readings/existing';
import type { Settings } from '../world/settings';
import { egvRecord } from './egvRecord';
import { envelope } from './envelope';
import { inOrder } from './order';
import { recordIds } from './recordId';
import type { Window } from './window';

/** Who looks, and when. */
export interface View {
  readonly origin: Origin;
  readonly settings: Settings;
  readonly clientId: string;
  readonly asOf: number;
}

/** Serialised records, commas between them. */
export interface Records {
  readonly text: string;
  /** Readings in them; oddities may add to the records. */
  readonly count: number;
}

/** @returns a whole answer, every record in one body (dexcom-api.md §2.1.5) */
export function egvsBody(view: View, { text }: Records): string {
  const frame = JSON.stringify({ ...envelope('egv', view), records: [] });
  return `${frame.slice(0, -2)}${text}]}`;
}

/** The visible records of a window. */
export function egvRecords({ origin, settings, clientId, asOf }: View, { from, to }: Window): Records {
  const readings = visible(origin, from, to, asOf);
  const idOf = recordIds(clientId, origin.person.id);
  const records = inOrder(readings, settings.order).map((reading) => egvRecord(origin.person, idOf(reading.key), reading));
  return { text: JSON.stringify(oddly(records, origin.person.oddities)).slice(1, -1), count: records.length };
}
