import { Hono } from 'hono';
import { z } from 'zod';
import type { SimulatorEnv } from '../env';
import { Duration } from '../instant';
import { setDelay, setPace } from '../people/change';
import { readBody } from './input';
import { Interval, paceOf } from './interval';

/** POST /interval and /delay: for everybody at once; PATCH /people/:id does it for one. */
export function paceRoutes(): Hono<SimulatorEnv> {
  const routes = new Hono<SimulatorEnv>();
  routes.post('/interval', async (c) => {
    const { world } = c.var;
    const { interval } = await readBody(c, z.strictObject({ interval: Interval }));
    for (const person of world.state.people.values()) setPace(world, person.id, paceOf(interval, person));
    return c.json({ people: world.state.people.size });
  });
  routes.post('/delay', async (c) => {
    const { world } = c.var;
    const { delay } = await readBody(c, z.strictObject({ delay: Duration }));
    for (const person of world.state.people.values()) setDelay(world, person.id, delay);
    return c.json({ people: world.state.people.size });
  });
  return routes;
}
