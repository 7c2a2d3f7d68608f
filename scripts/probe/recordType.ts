import type { Answer } from './dexcom';
import { bare, HOUR_MS } from './egvs';
import type { Probe } from './finding';

const unknown = 'U12';

/** How the envelope of records calls them: `egv` or `egvs`. */
export const recordType: Probe = async (dexcom, { newest }) => {
  const to = newest ?? Date.now();
  const window = { startDate: bare(to - HOUR_MS), endDate: bare(to + 1_000) };
  const names: string[] = [];
  for (const path of ['egvs', 'events', 'calibrations', 'alerts']) names.push(nameIn(await dexcom.get(path, window)));
  const found = `recordType of egvs, events, calibrations and alerts: ${names.join(', ')}`;
  if (names[0] !== 'egv' && names[0] !== 'egvs') return { unknown, found };
  return { unknown, found, settings: { recordType: names[0] === 'egvs' ? 'plural' : 'singular' } };
};

const nameIn = ({ status, json }: Answer): string => String(json?.['recordType'] ?? `none (${status})`);
