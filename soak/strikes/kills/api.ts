import { processKill } from './processKill';

/** The API, whoever is on a page of its. */
export const api = processKill({ name: 'API killed', weight: 2, which: ({ server }) => [server], downAtMostMs: 5_000 });
