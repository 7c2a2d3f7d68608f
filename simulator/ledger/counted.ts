import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { refuse } from '../data/refusal';
import { serverNow } from '../data/servedAsOf';
import type { SimulatorEnv } from '../env';
import type { Fault } from '../faults/fault';
import { meetFault } from '../faults/meetFault';
import { strike } from '../faults/strike';
import { overBudget } from './budget';
import type { Endpoint } from './call';
import { identify } from './identify';

const ALREADY_SENT = 'x-hono-already-sent';

/** Around every call of the simulated API: who calls, is there budget, does a fault strike, what was answered, did the answer leave. */
export const counted = createMiddleware<SimulatorEnv>(async (c, next) => {
  const caller = await identify(c);
  c.set('clientId', caller.clientId);
  c.set('personId', caller.personId);
  const retryAfterSeconds = overBudget(c.var.world, caller.clientId);
  const fault = retryAfterSeconds === null ? meetFault(c.var.world, caller) : null;

  if (retryAfterSeconds !== null) c.res = await tooMany(c, retryAfterSeconds);
  else await answer(c, fault, next);
  tellTime(c);
  writeDown(c, caller.endpoint, fault);
});

async function answer(c: Context<SimulatorEnv>, fault: Fault | null, next: () => Promise<void>): Promise<void> {
  const instead = fault?.when === 'before' ? await strike(fault, c, null) : null;
  if (instead) {
    c.res = instead;
    return;
  }
  await next();
  if (fault?.when !== 'after') return;
  const replaced = await strike(fault, c, c.res);
  if (!replaced) return;
  c.set('served', undefined);
  // Without this the old answer's headers would be carried over to the new one.
  c.res = undefined;
  c.res = replaced;
}

/** Its own clock's time, where that is not the right one (§8.35); else the HTTP server tells it. */
function tellTime(c: Context<SimulatorEnv>): void {
  const { world } = c.var;
  const { clockSkewSeconds } = world.state.settings;
  if (clockSkewSeconds !== 0 && c.res.headers.get(ALREADY_SENT) === null) c.header('date', new Date(serverNow(world)).toUTCString());
}

async function tooMany(c: Context<SimulatorEnv>, retryAfterSeconds: number): Promise<Response> {
  if (c.var.world.state.settings.retryAfter) c.header('retry-after', String(retryAfterSeconds));
  return refuse(c, 429, 'Too many requests');
}

function writeDown(c: Context<SimulatorEnv>, endpoint: Endpoint, fault: Fault | null): void {
  const { world, served, rotationId, clientId, personId } = c.var;
  const { outgoing } = c.env;
  const number = world.state.calls.length;
  const sent = c.res.headers.get(ALREADY_SENT) === null;
  world.record({
    kind: 'called',
    call: {
      number,
      at: served?.asOf ?? world.now(),
      endpoint,
      clientId: clientId ?? null,
      personId: personId ?? null,
      status: sent ? c.res.status : 0,
      ...(served && { served: { from: served.from, to: served.to, count: served.count } }),
      ...(fault && { faultId: fault.id }),
    },
  });

  const close = (): void => {
    const left = outgoing.writableFinished;
    if (!left) world.record({ kind: 'callDropped', number });
    if (rotationId !== undefined) world.record({ kind: 'rotationAnswered', id: rotationId, answer: left ? 'answered' : 'dropped' });
  };
  if (outgoing.closed) close();
  else outgoing.once('close', close);
}
