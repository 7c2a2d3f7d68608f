import type { Settings } from '../../simulator/world/settings';
import type { Dexcom, ProbedApp } from './dexcom';

/** What a probe has found about one of the unknowns of docs/dexcom-unknowns.md. Holds no token, name or glucose value. */
export interface Finding {
  readonly unknown: string;
  readonly found: string;
  /** The simulator's switches that make it behave so; absent: this could not be settled, or no switch knows it. */
  readonly settings?: Partial<Settings>;
  /** What the engine is not ready for; absent: it is right either way. */
  readonly engine?: string;
}

/** Asks Dexcom as a signed-in person. `newest`: the newest reading that is served, Unix milliseconds; null if there is none. */
export type Probe = (dexcom: Dexcom, known: { readonly newest: number | null; readonly app: ProbedApp }) => Promise<Finding>;
