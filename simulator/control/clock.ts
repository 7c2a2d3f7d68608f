import { Hono } from 'hono';
import { z } from 'zod';
import type { SimulatorEnv } from '../env';
import { Duration, Instant } from '../instant';
import type { World } from '../world/world';
import { ControlRefused, readBody } from './input';

const ClockRequest = z.strictObject({
  to: Instant.optional(),
  advance: Duration.optional(),
  /** 1 is real time, 0 stands still. */
  rate: z.number().min(0).max(1_000_000).optional(),
});

export interface ClockAnswer {
  /** Unix milliseconds. */
  readonly now: number;
  readonly rate: number;
}

/** GET and POST /clock. */
export function clockRoutes(): Hono<SimulatorEnv> {
  const routes = new Hono<SimulatorEnv>();
  routes.get('/clock', (c) => c.json(read(c.var.world)));
  routes.post('/clock', async (c) => {
    const { world } = c.var;
    const { to, advance = 0, rate = world.state.clock.rate } = await readBody(c, ClockRequest);
    const now = world.now();
    const simulatedAt = (to ?? now) + advance;
    // Backwards would unsee what was seen, and no ledger could tell what was served.
    if (simulatedAt < now) throw new ControlRefused(409, `to: the clock only moves forward, and it is ${new Date(now).toISOString()}`);
    world.record({ kind: 'clockSet', clock: { simulatedAt, realAt: Date.now(), rate } });
    return c.json(read(world));
  });
  return routes;
}

const read = (world: World): ClockAnswer => ({ now: world.now(), rate: world.state.clock.rate });
