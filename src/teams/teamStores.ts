import type { ApiKeys } from '../storage/apiKeys';
import type { IntegrationTeamIds } from '../storage/integrationTeamIds';
import type { Teams } from '../storage/teams';

/** What teams are made of, beside their users. */
export interface TeamStores {
  readonly teams: Teams;
  readonly integrationTeamIds: IntegrationTeamIds;
  readonly apiKeys: ApiKeys;
}

/** The `integration_team_id` is another team's. */
export class IntegrationTeamIdTaken extends Error {
  override readonly name = 'IntegrationTeamIdTaken';

  constructor() {
    super('another team of the organisation has this integration_team_id');
  }
}
