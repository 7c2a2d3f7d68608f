import { type ApiKeyDoc, type ApiKeys, type ManagementRole, type TeamScope, teamScopes, usualTeamScopes } from '../storage/apiKeys';
import type { Teams } from '../storage/teams';
import { newManagementKey, newTeamKey } from '../teams/newKey';
import { sameId } from '../teams/sameId';
import { type KeyRow, keyRow } from './keyRow';

export interface KeyRequest {
  readonly team?: string;
  readonly management?: boolean;
  /** Teams that a management key is bound to: it is then a `team_admin`'s. */
  readonly bind?: readonly string[];
  readonly org?: string;
  readonly label: string;
  readonly scopes?: string;
  readonly expires?: string;
}

interface Storage {
  readonly teams: Teams;
  readonly apiKeys: ApiKeys;
}

const DAY_MS = 86_400_000;

export interface CreatedKey extends KeyRow {
  readonly key: string;
}

/** Makes a key; the answer holds it, nothing else ever will. @throws Error naming the option that is wrong */
export async function createKey({ teams, apiKeys }: Storage, request: KeyRequest): Promise<CreatedKey> {
  const shown = { label: request.label, expiresAt: request.expires === undefined ? null : expiry(request.expires, Date.now()) };
  const { key, doc } = request.management
    ? newManagementKey({ ...(await managed(teams, request)), ...shown })
    : newTeamKey({ ...(await teamOf(teams, request)), scopes: chosenScopes(request.scopes), ...shown });
  await apiKeys.insert(doc);
  return { key, ...keyRow(doc) };
}

async function teamOf(teams: Teams, { team }: KeyRequest): Promise<{ orgId: string; teamId: string }> {
  if (team === undefined) throw new Error('--team <id> or --management is needed');
  const found = await teams.byId(team);
  if (!found) throw new Error(`--team ${team} does not exist`);
  return { orgId: found.orgId, teamId: found._id };
}

async function organisation(teams: Teams, { org, team }: KeyRequest): Promise<string> {
  if (team !== undefined) throw new Error('--team and --management exclude each other');
  const known = (await teams.list()).map(({ orgId }) => orgId);
  const orgId = org === undefined ? known[0] : known.find((id) => sameId(id, org));
  if (orgId === undefined) throw new Error(`${org === undefined ? 'no' : `--org ${org} has no`} team yet: create one first`);
  return orgId;
}

async function managed(teams: Teams, request: KeyRequest): Promise<Pick<ApiKeyDoc, 'orgId' | 'boundTeamIds'> & { role: ManagementRole }> {
  const orgId = await organisation(teams, request);
  const boundTeamIds = request.bind ?? [];
  for (const id of boundTeamIds)
    if ((await teams.byId(id))?.orgId !== orgId) throw new Error(`--bind ${id} is no team of the organisation`);
  return { orgId, boundTeamIds, role: boundTeamIds.length > 0 ? 'team_admin' : 'org_admin' };
}

function chosenScopes(text: string | undefined): readonly TeamScope[] {
  if (text === undefined) return usualTeamScopes;
  return text.split(',').map((name) => {
    const scope = teamScopes.find((known) => known === name.trim());
    if (!scope) throw new Error(`--scopes ${name.trim()} is none of ${teamScopes.join(', ')}`);
    return scope;
  });
}

/** `90d` from now, or the end of a day UTC. Unix milliseconds. */
function expiry(text: string, now: number): number {
  const [, days] = /^(\d{1,5})d$/.exec(text) ?? [];
  const at = days === undefined ? Date.parse(`${text}T00:00:00Z`) + DAY_MS : now + Number(days) * DAY_MS;
  if (Number.isNaN(at)) throw new Error(`--expires ${text} is neither a date such as 2027-01-31 nor days such as 90d`);
  if (at <= now) throw new Error(`--expires ${text} is over already`);
  return at;
}
