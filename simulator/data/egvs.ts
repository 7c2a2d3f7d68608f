import type { Context } from 'hono';
import type { SimulatorEnv } from '../env';
import { egvsBody } from './egvsBody';
import { refuse } from './refusal';
import { readWindow } from './window';

/** GET /v3/users/self/egvs */
export function answerEgvs(c: Context<SimulatorEnv>) {
  const { world, origin, grant } = c.var;
  const { clientId } = grant;
  const window = readWindow(c.req.query(), world.state.settings);
  if (typeof window === 'string') return refuse(c, 400, window);

  const asOf = world.now();
  const { body, count } = egvsBody({ origin, settings: world.state.settings, clientId, asOf }, window);
  c.set('served', { ...window, count, asOf });
  return c.body(body, 200, { 'content-type': 'application/json' });
}
