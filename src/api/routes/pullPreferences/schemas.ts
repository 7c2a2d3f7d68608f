import { z } from '@hono/zod-openapi';
import { DEXCOM_SLUG } from '../../../connect/connectServices';
import { Id } from '../../contract';

/** How far back first consents reach (vital-api.md §7.1). */
export const PULL_PREFERENCES = '/v1/org/{org_id}/team_data_pull_preferences/{env}/{region}';

/** Dexcom has offered data since 2015; what lies before an account began is no more work. */
export const MOST_DAYS = 3_650;

const Days = z.object({ historical_days_to_pull: z.int().min(1).max(MOST_DAYS) });
const DaysWithLimit = Days.extend({ historical_days_to_pull_limit: z.int() });

export const PullPreferencesBody = z
  .object({
    team_ids: z.array(Id).min(1).max(100),
    providers: z.strictObject({
      [DEXCOM_SLUG]: z.object({ default: Days, resource_overrides: z.strictObject({ glucose: Days.optional() }).nullish() }),
    }),
  })
  .openapi('PullPreferencesBody');

export const PullPreferences = z
  .object({
    data_pull_preferences: z.array(
      z.object({
        team_id: Id,
        providers: z
          .object({
            [DEXCOM_SLUG]: z.object({ default: DaysWithLimit, resource_overrides: z.object({ glucose: DaysWithLimit }).nullable() }),
          })
          .partial()
          .openapi({ description: 'Empty: everything Dexcom has is pulled' }),
      }),
    ),
    next_cursor: z.string().nullable(),
  })
  .openapi('PullPreferences');
