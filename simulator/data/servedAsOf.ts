import { SECOND_MS } from '../duration';
import type { World } from '../world/world';

/** The server's own clock, which by a switch is not the right one (dexcom-api.md §8.35, F6). */
export const serverNow = (world: World): number => world.now() + world.state.settings.clockSkewSeconds * SECOND_MS;

/** The instant an answer holds for: a server that is behind has not heard of the latest yet, one ahead knows no future. */
export const servedAsOf = (world: World): number => Math.min(world.now(), serverNow(world));
