import { z } from 'zod';
import { parseDuration } from './duration';

/** A duration with a sign, `-5d`, `25h` or `+37m`, or milliseconds: how far a clock is off; positive is ahead. */
export const Shift = z.union([
  z.number(),
  z.string().transform((text, context) => {
    try {
      const size = parseDuration(text.replace(/^[+-]/, ''));
      return text.startsWith('-') ? -size : size;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  }),
]);
