import { type TeamChange, teamDefaults } from '../storage/teams';
import { changeTeam } from '../teams/changeTeam';
import type { TeamStores } from '../teams/teamStores';
import { refuseWrongRedirects } from './createTeam';
import { teamRow } from './teamRow';

export interface TeamSetting {
  readonly id: string;
  readonly name?: string;
  readonly redirectUrl?: readonly string[];
  readonly rejectDuplicates?: string;
  readonly pushHistory?: string;
  readonly historyDays?: string;
  readonly integrationId?: string;
}

const MOST_DAYS = 3_650;

/** Changes what is said of a team; `none` takes a name of the app's back. @throws Error naming the option that is wrong */
export async function setTeam(stores: TeamStores, { id, ...setting }: TeamSetting): Promise<ReturnType<typeof teamRow>> {
  const change = changeOf(setting);
  if (Object.keys(change).length === 0) throw new Error('nothing is said that should change');
  const team = await changeTeam(stores, id, () => change);
  if (!team) throw new Error(`--id ${id} is no team`);
  return teamRow(team);
}

function changeOf({
  name,
  redirectUrl,
  rejectDuplicates,
  pushHistory,
  historyDays,
  integrationId,
}: Omit<TeamSetting, 'id'>): Omit<TeamChange, 'updatedAt'> {
  refuseWrongRedirects(redirectUrl ?? []);
  return {
    ...(name !== undefined && { name }),
    ...(redirectUrl && { redirectUrls: redirectUrl }),
    ...(rejectDuplicates !== undefined && { rejectDuplicateConnection: yes('--reject-duplicates', rejectDuplicates) }),
    ...(pushHistory !== undefined && { pushHistoricalData: yes('--push-history', pushHistory) }),
    ...(historyDays !== undefined && { pullPreferences: preferences(historyDays) }),
    ...(integrationId !== undefined && { integrationTeamId: integrationId === 'none' ? null : integrationId }),
  };
}

function yes(option: string, text: string): boolean {
  if (text !== 'yes' && text !== 'no') throw new Error(`${option} ${text} is neither yes nor no`);
  return text === 'yes';
}

function preferences(text: string): TeamChange['pullPreferences'] & object {
  if (text === 'all') return teamDefaults.pullPreferences;
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (days < 1 || days > MOST_DAYS) throw new Error(`--history-days ${text} is neither all nor a number from 1 to ${MOST_DAYS}`);
  return { historicalDaysToPull: days, written: { providerDays: days, glucoseDays: null } };
}
