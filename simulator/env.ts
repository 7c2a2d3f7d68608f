import type { HttpBindings } from '@hono/node-server';
import type { RenderedDays } from './data/renderedDays';
import type { Call } from './ledger/call';
import type { Grant } from './oauth/grant';
import type { Origin } from './readings/existing';
import type { World } from './world/world';

/** What a route finds in its context, and what it tells the ledger about the call it answers. */
export interface SimulatorEnv {
  Bindings: HttpBindings;
  Variables: {
    world: World;
    /** Null unless the simulator was told to prerender. */
    renderedDays: RenderedDays | null;
    /** Who calls for whom, as far as is known. */
    clientId: string | null;
    personId: string | null;
    /** Behind `authorised` only: whose data the token opens. */
    origin: Origin;
    grant: Grant;
    /** What an answer with a window holds, and the instant it holds for. */
    served: (NonNullable<Call['served']> & { readonly asOf: number }) | undefined;
    /** The rotation this answer carries. */
    rotationId: string | undefined;
  };
}
