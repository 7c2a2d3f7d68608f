import { processKill } from './processKill';

/** All workers at once, as when their machine loses power. */
export const allWorkers = processKill({
  name: 'all workers killed',
  weight: 2,
  which: ({ workers }) => workers,
  downAtMostMs: 20_000,
});
