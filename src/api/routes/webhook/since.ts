import { z } from '@hono/zod-openapi';

/** Aborts: what compares two of them does not look at one that is none, and would blame the other. */
export const Since = z.iso.datetime({ offset: true, abort: true }).openapi({ example: '2026-11-22T08:00:00Z' });

/** Unix milliseconds; the year 9999 is now, and the year 0 when time began. */
export const sinceOf = (given: string): number => Math.min(Math.max(Date.parse(given), 0), Date.now());
