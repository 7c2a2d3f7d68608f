import { Hono } from 'hono';
import type { SimulatorEnv } from '../env';
import { given } from '../given';
import { type Settings, SettingsChange } from '../world/settings';
import { readBody } from './input';

/** GET and PATCH /settings: the switches, grace among them. */
export function settingsRoutes(): Hono<SimulatorEnv> {
  const routes = new Hono<SimulatorEnv>();
  routes.get('/settings', (c) => c.json(c.var.world.state.settings));
  routes.patch('/settings', async (c) => {
    const change = given<Settings>(await readBody(c, SettingsChange));
    c.var.world.record({ kind: 'settingsChanged', change });
    return c.json(c.var.world.state.settings);
  });
  return routes;
}
