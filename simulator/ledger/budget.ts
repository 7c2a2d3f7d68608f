import { HOUR_MS, SECOND_MS } from '../duration';
import type { World } from '../world/world';

/** @returns null if the app may call once more, else after how many seconds it may again (dexcom-api.md §3.1, U4) */
export function overBudget(world: World, clientId: string | null): number | null {
  const { settings, calls } = world.state;
  const { callsPerHour, callsWindow } = settings;
  if (callsPerHour === null || clientId === null) return null;

  const now = world.now();
  const from = callsWindow === 'clock' ? Math.floor(now / HOUR_MS) * HOUR_MS : now - HOUR_MS;
  let counted = 0;
  for (let n = calls.length - 1; n >= 0; n--) {
    const call = calls[n];
    if (!call || call.at < from) break;
    if (call.clientId !== clientId || ++counted < callsPerHour) continue;
    const freeAt = callsWindow === 'clock' ? from + HOUR_MS : call.at + HOUR_MS;
    return Math.max(1, Math.ceil((freeAt - now) / SECOND_MS));
  }
  return null;
}
