/** The place before each step of a process where a test can end it. */
export interface Strikes {
  /** Passed before each step. */
  readonly pass: () => Promise<void>;
  /** From now on it dies before its step `number`, counted from 0. @returns revives it, and tells whether it had died */
  strike(number: number): () => boolean;
  /** What each step passes from now on. */
  guard(gate: () => Promise<void>): void;
}

export function createStrikes(): Strikes {
  const open = async (): Promise<void> => undefined;
  let gate = open;

  return {
    pass: () => gate(),
    guard(next) {
      gate = next;
    },
    strike(number) {
      let steps = 0;
      let died = false;
      gate = async () => {
        died ||= steps++ >= number;
        if (died) throw new Error('this process is dead');
      };
      return () => {
        gate = open;
        return died;
      };
    },
  };
}

/** Every step in turn, until what runs no longer reaches it. @returns how many there were */
export async function atEveryStep(runUpTo: (step: number) => Promise<boolean>): Promise<number> {
  let step = 0;
  while (await runUpTo(step)) step++;
  return step;
}
