import type { z } from '@hono/zod-openapi';
import type { PullPreferences, TeamDoc } from '../../../storage/teams';
import { MOST_DAYS, type PullPreferences as Shown } from './schemas';

const days = (count: number) => ({ historical_days_to_pull: count, historical_days_to_pull_limit: MOST_DAYS });

/** A team's preferences as they were written; empty if none were. */
export function shownPreferences({ _id, pullPreferences }: TeamDoc): z.infer<typeof Shown>['data_pull_preferences'][number] {
  const { written } = pullPreferences;
  if (written === null) return { team_id: _id, providers: {} };
  const overrides = written.glucoseDays === null ? null : { glucose: days(written.glucoseDays) };
  return { team_id: _id, providers: { dexcom_v3: { default: days(written.providerDays), resource_overrides: overrides } } };
}

/** Glucose's own number goes before the provider's: glucose is what is pulled. */
export const preferencesOf = (providerDays: number, glucoseDays: number | null): PullPreferences => ({
  historicalDaysToPull: glucoseDays ?? providerDays,
  written: { providerDays, glucoseDays },
});
