import { createMiddleware } from 'hono/factory';
import type { Scope } from '../../storage/apiKeys';
import { sameId } from '../../teams/sameId';
import { notFound } from '../errors';
import { openKey, presentedManagementKey, presentedTeamKey } from './key';
import { administeredBy } from './managementKey';
import type { KeyEnv } from './teamKey';

/**
 * Spread into a route under `/v1/org/{org_id}/team/{team_id}`: a management key that administers the team opens it, or the team's own key with
 * `scope`. Anybody else's team is not found.
 */
export const withTeamInPath = (scope: Scope) => ({
  security: [{ managementKey: [] }, { apiKey: [scope] }, { bearer: [scope] }],
  middleware: createMiddleware<KeyEnv>(async (c, next) => {
    const managementKey = presentedManagementKey(c);
    const key = await openKey(c.var.services, managementKey ?? presentedTeamKey(c), managementKey ? 'management' : scope);
    const team = await c.var.services.teams.byId(c.req.param('team_id')?.toLowerCase() ?? '');
    const opened = key.teamId === null ? administeredBy(key) : [key.teamId];
    const opens = team && team.orgId === key.orgId && sameId(team.orgId, c.req.param('org_id')) && (opened?.includes(team._id) ?? true);
    if (!opens) throw notFound();

    c.set('key', { teamId: team._id, keyId: key.keyId, orgId: key.orgId, scopes: key.scopes });
    await next();
  }),
});
