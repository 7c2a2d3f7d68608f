import { IntegrationTeamIdTaken } from '../../../teams/teamStores';
import { ApiError } from '../../errors';

/** Does `work`; a name that another team has becomes a 409 (vital-api.md §1.3). */
export async function orTaken<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof IntegrationTeamIdTaken)) throw error;
    throw new ApiError(409, 'Another team of the organisation has this integration_team_id');
  }
}
