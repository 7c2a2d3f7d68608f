import type { Context } from 'hono';
import type { SimulatorEnv } from '../env';

/** A data endpoint's refusal; what stands in such bodies nobody knows, so they are short, and by a switch not even JSON (dexcom-api.md §1.5). */
export function refuse(c: Context<SimulatorEnv>, status: 400 | 401 | 404 | 429, message: string) {
  return c.var.world.state.settings.errorBody === 'text' ? c.text(message, status) : c.json({ message }, status);
}
