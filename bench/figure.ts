/** A number and what it counts: `1.84 s`, `11 events`. */
export interface Quantity {
  readonly value: number;
  readonly unit: string;
}

/** What a number must reach: of ours alone, or of ours divided by the floor. */
export interface Goal {
  readonly of: 'measured' | 'ratio';
  readonly is: 'at most' | 'at least';
  readonly value: number;
}

/** Ours beside its floor, taken in the same run on the same machine: only their ratio says anything elsewhere. */
export interface Measurement {
  readonly figure: string;
  readonly goal: Goal | null;
  readonly measured: Quantity;
  /** The least the same work can take, measured without our code; null where there is none. */
  readonly floor: Quantity | null;
}

export interface Result {
  readonly measurements: readonly Measurement[];
  /** How it was taken and where the time goes, a line each. */
  readonly notes: readonly string[];
  /** What is not a figure but belongs beside them: headings first. */
  readonly table?: readonly (readonly string[])[];
}

/** One file under figures/; `npm run bench -- <name>` measures it alone. */
export interface Figure {
  readonly name: string;
  measure(): Promise<Result>;
}

export const ratioOf = ({ measured, floor }: Measurement): number | null => (floor ? measured.value / floor.value : null);

export type Verdict = 'reached' | 'missed' | 'no goal';

export function verdictOf(measurement: Measurement): Verdict {
  const { goal, measured } = measurement;
  const value = goal?.of === 'ratio' ? ratioOf(measurement) : measured.value;
  if (!goal || value === null) return 'no goal';
  return (goal.is === 'at most' ? value <= goal.value : value >= goal.value) ? 'reached' : 'missed';
}
