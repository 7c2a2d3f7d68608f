import { createRoute } from '@hono/zod-openapi';
import { changeTeam } from '../../../teams/changeTeam';
import type { Api } from '../../app';
import { body, json } from '../../contract';
import { notFound, readErrors } from '../../errors';
import { managedTeam, withManagementKey } from '../../security/managementKey';
import { PlaceParams } from '../teamKey/schemas';
import { preferencesOf, shownPreferences } from './pullPreferences';
import { PULL_PREFERENCES, PullPreferences, PullPreferencesBody } from './schemas';

const route = createRoute({
  method: 'post',
  path: PULL_PREFERENCES,
  operationId: 'setPullPreferences',
  tags: ['Management'],
  summary: 'Limit how far back first consents reach',
  description: 'For those who connect from now on. Without it everything Dexcom has is pulled.',
  ...withManagementKey(),
  request: { params: PlaceParams, body: body(PullPreferencesBody) },
  responses: { 200: json(PullPreferences, 'As they are now'), ...readErrors },
});

/** vital-api.md §7.1 */
export const registerSetPullPreferences = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { team_ids, providers } = c.req.valid('json');
    const { default: byDefault, resource_overrides: overrides } = providers.dexcom_v3;
    const pullPreferences = preferencesOf(byDefault.historical_days_to_pull, overrides?.glucose?.historical_days_to_pull ?? null);

    const teams = await Promise.all(team_ids.map((id) => managedTeam(c, id)));
    const changed = await Promise.all(teams.map(({ _id }) => changeTeam(c.var.services, _id, () => ({ pullPreferences }))));
    const shown = changed.map((team) => {
      if (!team) throw notFound();
      return shownPreferences(team);
    });
    return c.json({ data_pull_preferences: shown, next_cursor: null }, 200);
  });
