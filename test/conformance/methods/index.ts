import type { Method } from '../method';
import { dataMethods } from './data';
import { linkMethods, pausing } from './link';
import { teamMethods } from './team';
import { lastMethods, userMethods } from './user';

/** Every method of vital-api.md §11.2, in an order in which they can be called one after the other. */
export const methods: readonly Method[] = [...userMethods, ...linkMethods, ...dataMethods, ...teamMethods, pausing, ...lastMethods];
