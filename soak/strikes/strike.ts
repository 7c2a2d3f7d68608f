import type { Draw } from '../draw';
import type { SoakWorld } from '../world';

/** One kind of thing that goes wrong. */
export interface Strike {
  readonly name: string;
  /** To whom: Dexcom's answers, what a person or their device does, or a process. */
  readonly at: 'dexcom' | 'people' | 'process';
  /** How often it comes, by comparison with the others. */
  readonly weight: number;
  /**
   * Draws first and all of what is random, so that the order of strikes follows from the seed whatever becomes of this one.
   * @returns what was done, in a few words, without anything about a person's health
   */
  strike(world: SoakWorld, draw: Draw): Promise<string>;
}
