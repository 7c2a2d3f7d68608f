import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { SimulatorEnv } from '../env';
import { QueryInstant } from '../instant';
import { type LedgerReading, ledgerReadings } from '../ledger/ledgerReading';
import { ledgerRecords } from '../ledger/ledgerRecord';
import { clockReach } from '../people/deviceClock';
import { ControlRefused, originNamed, readQuery } from './input';

const LedgerQuery = z.strictObject({
  /** Measured in `[from, to)`; everything so far where left out. */
  from: QueryInstant.optional(),
  to: QueryInstant.optional(),
  /** Whose recordIds to show; the first app's where left out. */
  clientId: z.string().optional(),
  /** Only what could be seen at this instant. */
  visibleAt: QueryInstant.optional(),
  /** `once`: and never asked for again. */
  served: z.enum(['ever', 'never', 'once']).optional(),
  /** Only what has had another value since it was first served. */
  changed: z.literal('afterServing').optional(),
});

const RecordsQuery = z.strictObject({
  type: z.enum(['event', 'calibration', 'alert']),
  from: QueryInstant.optional(),
  to: QueryInstant.optional(),
  clientId: z.string().optional(),
});

/** GET /people/:id/readings and /people/:id/records: the ledger of one person. */
export function ledgerRoutes(): Hono<SimulatorEnv> {
  const routes = new Hono<SimulatorEnv>();
  routes.get('/people/:id/readings', (c) => {
    const { world } = c.var;
    const query = readQuery(c, LedgerQuery);
    const clientId = query.clientId ?? firstApp(c);
    const origin = originNamed(c, c.req.param('id'));
    const now = world.now();
    // A clock that is ahead dates what was taken by now into the future.
    const window = { from: query.from ?? 0, to: query.to ?? now + clockReach(origin.person).aheadMs + 1 };
    const taken = ({ takenAt }: LedgerReading): boolean => query.to !== undefined || takenAt <= now;
    return c.json(ledgerReadings(world, origin, clientId, window).filter(taken).filter(wanted(query)));
  });
  routes.get('/people/:id/records', (c) => {
    const { world } = c.var;
    const { type, from = 0, to = world.now() + 1, clientId = firstApp(c) } = readQuery(c, RecordsQuery);
    return c.json(ledgerRecords(world, originNamed(c, c.req.param('id')), clientId, { type, from, to }));
  });
  return routes;
}

function firstApp(c: Context<SimulatorEnv>): string {
  const [clientId] = c.var.world.state.apps.keys();
  if (clientId === undefined) throw new ControlRefused(422, 'clientId: there is no app yet');
  return clientId;
}

const wanted =
  ({ visibleAt, served, changed }: z.output<typeof LedgerQuery>) =>
  (reading: LedgerReading): boolean =>
    (visibleAt === undefined || (reading.visibleAt !== null && reading.visibleAt <= visibleAt)) &&
    (served === undefined || wasServed[served](reading.servedCount)) &&
    (changed === undefined || changedAfterServing(reading));

const wasServed = {
  ever: (times: number) => times > 0,
  never: (times: number) => times === 0,
  once: (times: number) => times === 1,
};

const changedAfterServing = ({ changedAt, firstServedAt }: LedgerReading): boolean =>
  changedAt !== null && firstServedAt !== null && firstServedAt < changedAt;
