import type { startDatabase, startTemporal } from '../local/servers';
import type { Engine } from '../test/engine/engine';
import type { Later } from './later';
import type { SoakPerson } from './person';
import type { Supervisor } from './supervisor';

/** The servers that a soak may kill. */
export interface Servers {
  readonly temporal: Awaited<ReturnType<typeof startTemporal>>;
  readonly database: Awaited<ReturnType<typeof startDatabase>>;
}

/** All that a strike may strike. */
export interface SoakWorld {
  readonly engine: Engine;
  /** Null: somebody else's, not to be killed. */
  readonly servers: Servers | null;
  readonly people: readonly SoakPerson[];
  readonly supervisor: Supervisor;
  readonly later: Later;
}
