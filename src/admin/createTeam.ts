import { randomUUID } from 'node:crypto';
import { isRedirectUrl } from '../connect/redirects';
import { type TeamDoc, type Teams, teamDefaults } from '../storage/teams';

export interface TeamRequest {
  readonly name: string;
  readonly redirectUrl: readonly string[];
  readonly org?: string;
}

export interface CreatedTeam {
  readonly teamId: string;
  readonly orgId: string;
  readonly name: string;
  readonly redirectUrls: readonly string[];
}

const ORGANISATION = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** @throws Error naming the option that is wrong */
export async function createTeam(teams: Teams, { name, redirectUrl, org }: TeamRequest): Promise<CreatedTeam> {
  refuseWrongRedirects(redirectUrl);
  const now = Date.now();
  const team: TeamDoc = {
    ...teamDefaults,
    _id: randomUUID(),
    orgId: organisation(org) ?? (await teams.list())[0]?.orgId ?? randomUUID(),
    name,
    redirectUrls: redirectUrl,
    createdAt: now,
    updatedAt: now,
  };
  await teams.insert(team);
  return { teamId: team._id, orgId: team.orgId, name, redirectUrls: redirectUrl };
}

/** In lower case, as ids are kept: their case does not matter. */
function organisation(org: string | undefined): string | undefined {
  const id = org?.toLowerCase();
  if (id !== undefined && !ORGANISATION.test(id))
    throw new Error(`--org ${org} is no id of an organisation: letters, digits, - and _, 64 at most, a letter or digit first`);
  return id;
}

/** @throws Error naming the first that is none */
export function refuseWrongRedirects(urls: readonly string[]): void {
  const wrong = urls.find((url) => !isRedirectUrl(url));
  if (wrong !== undefined) throw new Error(`--redirect-url ${wrong} is not a URL without user, query and fragment`);
}
