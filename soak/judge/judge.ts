import type { Struck } from '../strikes/keepStriking';
import type { SoakWorld } from '../world';

/** What one judge says of a run. */
export interface Judgement {
  readonly isGood: boolean;
  /** Tables of its own, in Markdown. */
  readonly tables: readonly string[];
  /** Its lines of the table that all judges share. */
  readonly figures: readonly (readonly [what: string, amount: string | number])[];
  /** What should not be, a line each; ids only, as a report may be published. */
  readonly findings: readonly string[];
}

export interface Sitting {
  /** What could be seen by then is judged. */
  readonly judgedAt: number;
  /** How long everything may take to come to rest. */
  readonly withinMs: number;
  /** What was struck, and what ended by itself. */
  readonly struck: readonly Struck[];
  readonly say: (line: string) => void;
}

/** Waits for what it judges to come to rest, then judges it. One after the other, in the order of the plan. */
export type Judge = (world: Pick<SoakWorld, 'engine' | 'people'>, sitting: Sitting) => Promise<Judgement>;
