import { Hono } from 'hono';
import { z } from 'zod';
import type { SimulatorEnv } from '../env';
import { QueryInstant } from '../instant';
import { ledgerReadings } from '../ledger/ledgerReading';
import { ControlRefused, originNamed, readQuery } from './input';

const LedgerQuery = z.strictObject({
  /** Measured in `[from, to)`; everything so far where left out. */
  from: QueryInstant.optional(),
  to: QueryInstant.optional(),
  /** Whose recordIds to show; the first app's where left out. */
  clientId: z.string().optional(),
  /** Only what could be seen at this instant. */
  visibleAt: QueryInstant.optional(),
  served: z.enum(['ever', 'never']).optional(),
});

/** GET /people/:id/readings: the ledger of one person. */
export function ledgerRoutes(): Hono<SimulatorEnv> {
  const routes = new Hono<SimulatorEnv>();
  routes.get('/people/:id/readings', (c) => {
    const { world } = c.var;
    const query = readQuery(c, LedgerQuery);
    const clientId = query.clientId ?? [...world.state.apps.keys()][0];
    if (clientId === undefined) throw new ControlRefused(422, 'clientId: there is no app yet');
    const window = { from: query.from ?? 0, to: query.to ?? world.now() + 1 };
    const readings = ledgerReadings(world, originNamed(c, c.req.param('id')), clientId, window);
    return c.json(readings.filter(wanted(query)));
  });
  return routes;
}

const wanted =
  ({ visibleAt, served }: z.output<typeof LedgerQuery>) =>
  (reading: { readonly visibleAt: number | null; readonly servedCount: number }): boolean =>
    (visibleAt === undefined || (reading.visibleAt !== null && reading.visibleAt <= visibleAt)) &&
    (served === undefined || reading.servedCount > 0 === (served === 'ever'));
