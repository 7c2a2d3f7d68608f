import type { Context } from 'hono';
import type { SimulatorEnv } from '../env';
import { egvRecords, egvsBody } from './egvsBody';
import { refuse } from './refusal';
import { servedAsOf, serverNow } from './servedAsOf';
import { readWindow } from './window';

/** GET /v3/users/self/egvs */
export function answerEgvs(c: Context<SimulatorEnv>) {
  const { world, origin, grant, renderedDays } = c.var;
  const { settings } = world.state;
  const window = readWindow(c.req.query(), settings, serverNow(world));
  if (typeof window === 'string') return refuse(c, 400, window);

  const view = { origin, settings, clientId: grant.clientId, asOf: servedAsOf(world) };
  const records = renderedDays ? renderedDays.records(view, window) : egvRecords(view, window);
  c.set('served', { ...window, count: records.count, asOf: view.asOf });
  return c.body(egvsBody(view, records), 200, { 'content-type': 'application/json' });
}
