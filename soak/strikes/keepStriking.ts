import { setTimeout as sleep } from 'node:timers/promises';
import type { Draw } from '../draw';
import type { Plan } from '../plan';
import type { SoakWorld } from '../world';
import type { Strike } from './strike';

/** A strike as it was struck. */
export interface Struck {
  readonly at: number;
  /** When what was struck was back, as far as it was waited for. */
  readonly until: number;
  readonly name: Strike['name'];
  readonly what: string;
}

/** Strikes one after the other, with pauses between them, until the time is up. What cannot be struck is noted as that. */
export async function keepStriking(
  world: SoakWorld,
  { strikes, pauseSeconds: [least, most] }: Pick<Plan, 'strikes' | 'pauseSeconds'>,
  { draw, until, onStruck }: { readonly draw: Draw; readonly until: number; readonly onStruck: (struck: Struck) => void },
): Promise<void> {
  for (;;) {
    const pauseMs = draw.between(least * 1_000, most * 1_000);
    if (Date.now() + pauseMs >= until) return sleep(Math.max(0, until - Date.now()));
    await sleep(pauseMs);

    const { name, strike } = draw.weighted(strikes);
    const at = Date.now();
    const what = await strike(world, draw).catch((reason: unknown) => `could not be struck: ${String(reason)}`);
    onStruck({ at, until: Date.now(), name, what });
  }
}
