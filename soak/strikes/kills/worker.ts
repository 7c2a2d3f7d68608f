import { processKill } from './processKill';

/** One worker. */
export const worker = processKill({
  name: 'worker killed',
  weight: 12,
  which: ({ workers }, draw) => [draw.oneOf(workers)],
  downAtMostMs: 8_000,
});
