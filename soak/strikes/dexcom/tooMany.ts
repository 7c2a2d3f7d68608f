import type { Strike } from '../strike';

/** 429 to a few calls, with or without a word about when to come back. */
export const tooMany: Strike = {
  name: 'too many requests',
  at: 'dexcom',
  weight: 3,
  async strike({ engine }, draw) {
    const [times, retryAfterSeconds] = [draw.between(1, 4), draw.oneOf([null, 1, 5, 15])];
    await engine.simulator.control.addFault({
      kind: 'status',
      status: 429,
      times,
      ...(retryAfterSeconds !== null && { retryAfterSeconds }),
    });
    return `429 to ${times} calls${retryAfterSeconds === null ? '' : `, come back in ${retryAfterSeconds} s`}`;
  },
};
