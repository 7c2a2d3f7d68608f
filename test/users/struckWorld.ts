import { type ApiWorld, type App, openApiWorld } from '../api/apiWorld';
import { gatedDb } from '../sync/gatedDb';
import { createStrikes, type Strikes } from '../sync/strikes';

/** An API that dies before one of its steps, each an operation on the database or a call to Temporal, as after SIGKILL. */
export interface StruckWorld extends ApiWorld, Pick<Strikes, 'strike'> {
  readonly app: App;
}

export async function openStruckWorld(): Promise<StruckWorld> {
  const { pass, strike } = createStrikes();
  const world = await openApiWorld({
    over: (db) => gatedDb(db, pass),
    change: ({ workflows, erasures }) => ({
      workflows: { ...workflows, tell: (...wish) => pass().then(() => workflows.tell(...wish)) },
      erasures: { ...erasures, ensureRunning: (user) => pass().then(() => erasures.ensureRunning(user)) },
    }),
  });

  return { ...world, app: await world.newApp(), strike };
}
