import { z } from 'zod';
import { parseDuration } from './duration';

/** An instant of the simulated clock: Unix milliseconds, or ISO 8601 with an offset. */
export const Instant = z.union([
  z.int().min(0),
  z
    .string()
    .refine(
      (text) => /(?:Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(Date.parse(text)),
      'must be ISO 8601 with an offset, or Unix milliseconds',
    )
    .transform((text) => Date.parse(text)),
]);

/** The same in a query string. */
export const QueryInstant = z
  .string()
  .transform((text) => (/^\d+$/.test(text) ? Number(text) : text))
  .pipe(Instant);

/** `10s`, `5m`, `2h` … or milliseconds. */
export const Duration = z.union([
  z.number().min(0),
  z.string().transform((text, context) => {
    try {
      return parseDuration(text);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  }),
]);
