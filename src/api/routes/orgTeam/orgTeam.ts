import type { TeamChange, TeamDoc } from '../../../storage/teams';
import { instant } from '../../instant';
import type { OrgTeam, TeamSettings } from './schemas';

/** A team as whoever manages it sees it (vital-api.md §1.3). */
export function orgTeam(team: TeamDoc): OrgTeam {
  const settings = {
    reject_duplicate_connection: team.rejectDuplicateConnection,
    brand_information: team.brandInformation,
    logo_url: team.logoUrl,
  };
  return {
    id: team._id,
    org_id: team.orgId,
    name: team.name,
    region: team.region,
    created_on: instant(team.createdAt),
    updated_on: instant(team.updatedAt),
    environments: ['production', 'sandbox'],
    ...settings,
    production: settings,
    sandbox: settings,
    integration_team_id: team.integrationTeamId,
    push_historical_data: team.pushHistoricalData,
    redirect_urls: [...team.redirectUrls],
  };
}

/** What a body says of a team: null gives a text back, and leaves alone what cannot be null. */
export const settingsOf = (given: TeamSettings): Omit<TeamChange, 'updatedAt'> => ({
  ...(given.reject_duplicate_connection != null && { rejectDuplicateConnection: given.reject_duplicate_connection }),
  ...(given.push_historical_data !== undefined && { pushHistoricalData: given.push_historical_data }),
  ...(given.redirect_urls && { redirectUrls: given.redirect_urls }),
  ...(given.logo_url !== undefined && { logoUrl: given.logo_url }),
  ...(given.integration_team_id !== undefined && { integrationTeamId: given.integration_team_id }),
  ...(given.brand_information !== undefined && { brandInformation: given.brand_information }),
});
