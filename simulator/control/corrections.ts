import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { SimulatorEnv } from '../env';
import { Instant } from '../instant';
import type { Correction } from '../people/corrections';
import { ControlRefused, originNamed, readBody } from './input';

const MgPerDl = z.int().min(39).max(401).nullable();
const AddRequest = z.strictObject({
  measuredAt: Instant,
  /** Left out: now. Earlier is not possible: nobody saw it then. */
  visibleAt: Instant.optional(),
  mgPerDl: MgPerDl,
  trend: z.string().nullable().default(null),
  trendRate: z.number().nullable().default(null),
});
const ReviseRequest = z.strictObject({ key: z.string(), mgPerDl: MgPerDl });
const Range = z.strictObject({ from: Instant, to: Instant });
const HoldRequest = Range.extend({ until: Instant.nullable().default(null) });

/** /people/:id/readings, /holds and /losses: what an operator does to somebody's readings. */
export function correctionRoutes(): Hono<SimulatorEnv> {
  const routes = new Hono<SimulatorEnv>();
  routes.post('/people/:id/readings', async (c) => {
    const { visibleAt, ...wish } = await readBody(c, AddRequest);
    const at = c.var.world.now();
    const key = `added:${randomUUID()}`;
    return correct(c, { kind: 'added', at, key, ...wish, visibleAt: Math.max(at, visibleAt ?? at) });
  });
  routes.patch('/people/:id/readings', async (c) => {
    return correct(c, { kind: 'revised', at: c.var.world.now(), ...(await readBody(c, ReviseRequest)) });
  });
  routes.post('/people/:id/holds', async (c) => {
    return correct(c, { kind: 'held', at: c.var.world.now(), holdId: randomUUID(), ...(await readBody(c, HoldRequest)) });
  });
  routes.delete('/people/:id/holds/:holdId', (c) => {
    const holdId = c.req.param('holdId');
    const { person } = originNamed(c, c.req.param('id'));
    const held = person.corrections.some((correction) => correction.kind === 'held' && correction.holdId === holdId);
    if (!held) throw new ControlRefused(404, `${person.id} has no hold ${holdId}`);
    return correct(c, { kind: 'released', at: c.var.world.now(), holdId });
  });
  routes.post('/people/:id/losses', async (c) => {
    return correct(c, { kind: 'lost', at: c.var.world.now(), ...(await readBody(c, Range)) });
  });
  return routes;
}

/** Journals the correction and answers it. */
function correct(c: Context<SimulatorEnv>, correction: Correction) {
  const { person } = originNamed(c, c.req.param('id') ?? '');
  c.var.world.record({ kind: 'corrected', personId: person.id, correction });
  return c.json(correction, 201);
}
