import { Hono } from 'hono';
import type { SimulatorEnv } from '../env';
import { FaultRequest } from '../faults/fault';
import { putFault } from '../faults/putFault';
import { ControlRefused, readBody } from './input';

/** /faults: what is to go wrong. */
export function faultRoutes(): Hono<SimulatorEnv> {
  const routes = new Hono<SimulatorEnv>();
  routes.get('/faults', (c) => c.json([...c.var.world.state.faults.values()]));
  routes.post('/faults', async (c) => {
    const { world } = c.var;
    const id = putFault(world, await readBody(c, FaultRequest));
    return c.json(world.state.faults.get(id), 201);
  });
  routes.delete('/faults', (c) => {
    const { world } = c.var;
    const ids = [...world.state.faults.keys()];
    for (const id of ids) world.record({ kind: 'faultCleared', id });
    return c.json({ cleared: ids.length });
  });
  routes.delete('/faults/:id', (c) => {
    const { world } = c.var;
    const id = c.req.param('id');
    if (!world.state.faults.has(id)) throw new ControlRefused(404, `There is no fault ${id}`);
    world.record({ kind: 'faultCleared', id });
    return c.json({ cleared: 1 });
  });
  return routes;
}
