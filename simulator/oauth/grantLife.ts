import { DAY_MS } from '../duration';
import type { Settings } from '../world/settings';
import type { Grant } from './grant';

/** Not withdrawn, and consented to less than a year ago (dexcom-api.md §1.4). */
export const isAlive = ({ endedAt, endsAt, consentedAt }: Grant, { grantLifeDays }: Settings, now: number): boolean =>
  endedAt === null && (endsAt === undefined || now < endsAt) && now < consentedAt + grantLifeDays * DAY_MS;
