import { Hono } from 'hono';
import { z } from 'zod';
import type { SimulatorEnv } from '../env';
import { readBody, readQuery } from './input';

const Whose = z.strictObject({ personId: z.string().optional(), clientId: z.string().optional() });

/** /grants and /rotations: who allowed what to whom, and every refresh token spent. */
export function grantRoutes(): Hono<SimulatorEnv> {
  const routes = new Hono<SimulatorEnv>();
  routes.get('/grants', (c) => {
    const wanted = matching(readQuery(c, Whose));
    return c.json([...c.var.world.state.grants.values()].filter(wanted));
  });
  routes.post('/grants/revoke', async (c) => {
    const { world } = c.var;
    const wanted = matching(await readBody(c, Whose.required({ personId: true })));
    const ended = [...world.state.grants.values()].filter((grant) => grant.endedAt === null && wanted(grant));
    for (const { id } of ended) world.record({ kind: 'grantEnded', grantId: id, at: world.now() });
    return c.json({ revoked: ended.length });
  });
  routes.get('/rotations', (c) => {
    const wanted = matching(readQuery(c, Whose));
    return c.json([...c.var.world.state.rotations.values()].filter(wanted));
  });
  return routes;
}

type Owned = { readonly personId: string; readonly clientId: string };

const matching =
  ({ personId, clientId }: z.output<typeof Whose>) =>
  (owned: Owned): boolean =>
    (personId === undefined || owned.personId === personId) && (clientId === undefined || owned.clientId === clientId);
