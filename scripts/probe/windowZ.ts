import { bare, HOUR_MS } from './egvs';
import type { Probe } from './finding';

/** Whether `startDate` and `endDate` may carry a `Z`. */
export const windowZ: Probe = async (dexcom, { newest }) => {
  const to = newest ?? Date.now();
  const [startDate, endDate] = [bare(to - HOUR_MS), bare(to + 1_000)];
  const plain = await dexcom.get('egvs', { startDate, endDate });
  const marked = await dexcom.get('egvs', { startDate: `${startDate}Z`, endDate: `${endDate}Z` });
  const isAccepted = marked.status === 200;
  return {
    unknown: 'U13',
    found: `dates with a Z are ${isAccepted ? 'accepted' : `refused with ${marked.status}`}`,
    settings: { windowZ: isAccepted ? 'accepted' : 'refused' },
    ...(plain.status !== 200 && { engine: `dates are sent bare, which is answered ${plain.status}` }),
  };
};
