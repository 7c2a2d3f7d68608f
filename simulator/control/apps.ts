import { Hono } from 'hono';
import { z } from 'zod';
import type { SimulatorEnv } from '../env';
import { readBody } from './input';

const AppRequest = z.strictObject({ clientId: z.string().min(1), clientSecret: z.string().min(1), redirectUris: z.array(z.url()).min(1) });

/** GET and PUT /apps: who may ask people for their readings. */
export function appRoutes(): Hono<SimulatorEnv> {
  const routes = new Hono<SimulatorEnv>();
  routes.get('/apps', (c) => c.json([...c.var.world.state.apps.values()]));
  routes.put('/apps', async (c) => {
    const app = await readBody(c, AppRequest);
    c.var.world.record({ kind: 'appPut', app });
    return c.json(app);
  });
  return routes;
}
