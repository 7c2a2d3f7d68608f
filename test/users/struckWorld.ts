import { type ApiWorld, type App, openApiWorld } from '../api/apiWorld';
import { gatedDb } from '../sync/gatedDb';

/** An API that dies before one of its steps, each an operation on the database or a call to Temporal, as after SIGKILL. */
export interface StruckWorld extends ApiWorld {
  readonly app: App;
  /** From now on it dies before its step `number`, counted from 0. @returns revives it, and tells whether it had died */
  strike(number: number): () => boolean;
}

export async function openStruckWorld(): Promise<StruckWorld> {
  let gate = async (): Promise<void> => undefined;
  const pass = (): Promise<void> => gate();
  const world = await openApiWorld({
    over: (db) => gatedDb(db, pass),
    change: ({ workflows, erasures }) => ({
      workflows: { ...workflows, tell: (...wish) => pass().then(() => workflows.tell(...wish)) },
      erasures: { ...erasures, ensureRunning: (user) => pass().then(() => erasures.ensureRunning(user)) },
    }),
  });

  return {
    ...world,
    app: await world.newApp(),
    strike(number) {
      let steps = 0;
      let died = false;
      gate = async () => {
        died ||= steps++ >= number;
        if (died) throw new Error('this process is dead');
      };
      return () => {
        gate = async () => undefined;
        return died;
      };
    },
  };
}

/** Every step in turn, until what runs no longer reaches it. @returns how many there were */
export async function atEveryStep(runUpTo: (step: number) => Promise<boolean>): Promise<number> {
  let step = 0;
  while (await runUpTo(step)) step++;
  return step;
}
