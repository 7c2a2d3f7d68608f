import { uuid } from '../facts';
import type { Method } from '../method';
import { theirs } from './user';

export const teamMethods: readonly Method[] = [
  {
    name: 'team.get',
    junction: (c, { person }) => c.team.get(person),
    vital: (c, { person }) => c.team.get(person.teamId),
    gives: ({ person: { teamId } }) => ({
      id: teamId,
      orgId: uuid,
      name: 'tests',
      configuration: { pushHistoricalData: false, rejectDuplicateConnection: false },
      apiKeys: [],
    }),
  },
  {
    name: 'team.getUserById',
    junction: (c, { person }) => c.team.getUserById({ queryId: person.clientUserId }),
    vital: (c, { person }) => c.team.getUserById({ queryId: person.clientUserId }),
    gives: ({ person }) => [theirs(person)],
  },
  { name: 'team.getSvixUrl', junction: (c) => c.team.getSvixUrl(), vital: (c) => c.team.getSvixUrl(), gives: null },
  {
    name: 'team.getSourcePriorities',
    junction: (c) => c.team.getSourcePriorities(),
    vital: (c) => c.team.getSourcePriorities(),
    gives: null,
  },
  {
    name: 'team.updateSourcePriorities',
    junction: (c) => c.team.updateSourcePriorities(),
    vital: (c) => c.team.updateSourcePriorities(),
    gives: null,
  },
  {
    name: 'team.getLinkConfig',
    junction: null,
    vital: (c, { subject }) => c.team.getLinkConfig({ vitalLinkToken: subject.linkToken }),
    gives: ({ person: { teamId } }) => ({ team_id: teamId, name: 'tests' }),
  },
];
