import { Hono } from 'hono';
import { z } from 'zod';
import type { SimulatorEnv } from '../env';
import { QueryInstant } from '../instant';
import { type Call, ENDPOINTS } from '../ledger/call';
import type { World } from '../world/world';
import { readQuery } from './input';

const CallsQuery = z.strictObject({
  personId: z.string().optional(),
  clientId: z.string().optional(),
  endpoint: z.enum(ENDPOINTS).optional(),
  /** Answered at or after. */
  from: QueryInstant.optional(),
  to: QueryInstant.optional(),
});

/** A call, and whether its answer left the house whole. */
export type CallAnswer = Call & { readonly dropped: boolean };

export interface CallCount {
  readonly endpoint: string;
  /** 0: no status was sent. */
  readonly status: number;
  readonly calls: number;
}

/** /calls, one by one, and /calls/counts. */
export function callRoutes(): Hono<SimulatorEnv> {
  const routes = new Hono<SimulatorEnv>();
  routes.get('/calls', (c) => c.json(select(c.var.world, readQuery(c, CallsQuery))));
  routes.get('/calls/counts', (c) => c.json(count(select(c.var.world, readQuery(c, CallsQuery)))));
  return routes;
}

function select(world: World, { personId, clientId, endpoint, from, to }: z.output<typeof CallsQuery>): CallAnswer[] {
  const { calls, callsOfPerson, dropped } = world.state;
  return (personId === undefined ? calls : (callsOfPerson.get(personId) ?? []))
    .filter(
      (call) =>
        (clientId === undefined || call.clientId === clientId) &&
        (endpoint === undefined || call.endpoint === endpoint) &&
        (from === undefined || call.at >= from) &&
        (to === undefined || call.at < to),
    )
    .map((call) => ({ ...call, dropped: dropped.has(call.number) }));
}

function count(calls: readonly Call[]): CallCount[] {
  const counts = new Map<string, CallCount>();
  for (const { endpoint, status } of calls) {
    const name = `${endpoint} ${status}`;
    counts.set(name, { endpoint, status, calls: (counts.get(name)?.calls ?? 0) + 1 });
  }
  return [...counts.values()];
}
