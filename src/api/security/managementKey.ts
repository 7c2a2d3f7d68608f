import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { ApiKeyOwners, ManagementRole } from '../../storage/apiKeys';
import type { TeamDoc } from '../../storage/teams';
import { sameId } from '../../teams/sameId';
import type { ApiEnv } from '../app';
import { ApiError, notFound } from '../errors';
import type { Services } from '../services';
import { type Credentials, openKey, presentedManagementKey } from './key';

/** Whose teams a request may manage. */
export interface ManagementAccess {
  readonly keyId: string;
  readonly orgId: string;
  /** Null: all of the organisation. */
  readonly teamIds: readonly string[] | null;
}

export type ManagementEnv = ApiEnv & { Variables: { management: ManagementAccess } };

/**
 * Spread into a route under `/v1/org/{org_id}`: a management key of the organisation opens it. A `team_admin` opens what does not ask for
 * `org_admin`, for the teams it is bound to. Another organisation is not found (vital-api.md §1.3).
 */
export const withManagementKey = (least: ManagementRole = 'team_admin') => ({
  security: [{ managementKey: [least] }],
  middleware: createMiddleware<ManagementEnv>(async (c, next) => {
    const key = await openManagementKey(c.var.services, presentedManagementKey(c), c.req.param('org_id'));
    if (least === 'org_admin' && key.role !== 'org_admin') throw new ApiError(403, 'This needs the role org_admin');

    c.set('management', { keyId: key.keyId, orgId: key.orgId, teamIds: administeredBy(key) });
    await next();
  }),
});

/** What stands behind the management key that somebody presented for this organisation. @throws ApiError 401, 403; 404 if it is of another one */
export async function openManagementKey(services: Services, presented: string | null, orgId: string | undefined): Promise<Credentials> {
  const key = await openKey(services, presented, 'management');
  if (!sameId(key.orgId, orgId)) throw notFound();
  return key;
}

export const administeredBy = ({ role, boundTeamIds }: Credentials): readonly string[] | null =>
  role === 'team_admin' ? boundTeamIds : null;

/** The team that a management request names in its path or body. @throws ApiError 404 if it is not there, or not the key's */
export async function managedTeam(c: Context<ManagementEnv>, teamId: string): Promise<TeamDoc> {
  const team = await administered(c, teamId);
  if (!team) throw notFound();
  return team;
}

/** The team, if it is there and the key's. */
export async function administered(c: Context<ManagementEnv>, teamId: string): Promise<TeamDoc | null> {
  const { orgId, teamIds } = c.var.management;
  const team = await c.var.services.teams.byId(teamId);
  return team && team.orgId === orgId && (teamIds?.includes(teamId) ?? true) ? team : null;
}

/** The keys of the teams a management request may see. */
export const managedKeys = ({ orgId, teamIds }: ManagementAccess): ApiKeyOwners => ({ orgId, of: teamIds ?? 'every team' });
