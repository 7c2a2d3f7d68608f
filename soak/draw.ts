import { seededRandom } from '../test/crash/seededRandom';

/** Choices that follow from a seed alone: the same seed makes the same ones in the same order. */
export interface Draw {
  /** A whole number from `least` to `most`, both possible. */
  between(least: number, most: number): number;
  /** @throws RangeError if there is nothing to choose from */
  oneOf<T>(choices: readonly T[]): T;
  /** One of them, each as likely as its weight is heavy. @throws RangeError if there is nothing to choose from */
  weighted<T extends { readonly weight: number }>(choices: readonly T[]): T;
}

export function drawBy(seed: string): Draw {
  const random = seededRandom(seed);

  return {
    between: (least, most) => least + Math.floor(random() * (most - least + 1)),
    oneOf: (choices) => chosen(choices[Math.floor(random() * choices.length)]),
    weighted(choices) {
      let left = random() * choices.reduce((sum, { weight }) => sum + weight, 0);
      for (const choice of choices) {
        left -= choice.weight;
        if (left < 0) return choice;
      }
      return chosen(choices.at(-1));
    },
  };
}

function chosen<T>(choice: T | undefined): T {
  if (choice === undefined) throw new RangeError('there is nothing to choose from');
  return choice;
}
