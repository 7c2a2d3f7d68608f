import { randomUUID } from 'node:crypto';
import { generateApiKey, hashApiKey } from '../security/apiKeys';
import { type ApiKeyDoc, type ApiKeys, type Scope, scopes } from '../storage/apiKeys';
import type { Teams } from '../storage/teams';

export interface KeyRequest {
  readonly team?: string;
  readonly management?: boolean;
  readonly org?: string;
  readonly label: string;
  readonly scopes?: string;
  readonly expires?: string;
}

interface Storage {
  readonly teams: Teams;
  readonly apiKeys: ApiKeys;
}

const TEAM_SCOPES = scopes.filter((scope) => scope !== 'management');
const DAY_MS = 86_400_000;

export interface CreatedKey extends Pick<ApiKeyDoc, 'keyId' | 'orgId' | 'teamId' | 'label' | 'scopes'> {
  readonly key: string;
  /** ISO 8601; null: never. */
  readonly expiresAt: string | null;
}

/** Makes a key; the answer holds it, nothing else ever will. @throws Error naming the option that is wrong */
export async function createKey({ teams, apiKeys }: Storage, request: KeyRequest): Promise<CreatedKey> {
  const owner = request.management ? await organisation(teams, request) : await teamOf(teams, request);
  const granted = request.management ? (['management'] as const) : chosenScopes(request.scopes);
  const key = generateApiKey(request.management ? 'management' : 'team');
  const doc: ApiKeyDoc = {
    _id: hashApiKey(key),
    keyId: randomUUID(),
    ...owner,
    label: request.label,
    lastFour: key.slice(-4),
    scopes: granted,
    createdAt: Date.now(),
    expiresAt: request.expires === undefined ? null : expiry(request.expires, Date.now()),
    lastUsedAt: null,
  };
  await apiKeys.insert(doc);

  const { keyId, orgId, teamId, label, expiresAt } = doc;
  return { key, keyId, orgId, teamId, label, scopes: granted, expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString() };
}

async function teamOf(teams: Teams, { team }: KeyRequest): Promise<Pick<ApiKeyDoc, 'orgId' | 'teamId'>> {
  if (team === undefined) throw new Error('--team <id> or --management is needed');
  const found = await teams.byId(team);
  if (!found) throw new Error(`--team ${team} does not exist`);
  return { orgId: found.orgId, teamId: found._id };
}

async function organisation(teams: Teams, { org, team }: KeyRequest): Promise<Pick<ApiKeyDoc, 'orgId' | 'teamId'>> {
  if (team !== undefined) throw new Error('--team and --management exclude each other');
  const known = (await teams.list()).map(({ orgId }) => orgId);
  const orgId = org ?? known[0];
  if (orgId === undefined || !known.includes(orgId))
    throw new Error(`${org === undefined ? 'no' : `--org ${org} has no`} team yet: create one first`);
  return { orgId, teamId: null };
}

function chosenScopes(text: string | undefined): readonly Scope[] {
  if (text === undefined) return TEAM_SCOPES;
  return text.split(',').map((name) => {
    const scope = TEAM_SCOPES.find((known) => known === name.trim());
    if (!scope) throw new Error(`--scopes ${name.trim()} is none of ${TEAM_SCOPES.join(', ')}`);
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
