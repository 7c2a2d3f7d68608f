import { z } from '@hono/zod-openapi';
import { invalid } from '../../errors';

const DAY_MS = 86_400_000;

/** A day, or an instant; one without an offset is UTC. */
const DateOrInstant = z
  .union([z.iso.date(), z.iso.datetime({ offset: true, local: true })], {
    error: 'Not a date or a datetime of ISO 8601, such as 2026-11-01 or 2026-11-01T08:00:00Z',
  })
  .openapi({ example: '2026-11-01' });

/** What every timeseries is asked by. */
export const WindowQuery = z.object({
  start_date: DateOrInstant.openapi({ description: 'Inclusive; a day begins at 00:00 UTC' }),
  end_date: DateOrInstant.optional().openapi({ description: 'Inclusive; a day ends at 24:00 UTC. Left out: up to the newest' }),
  provider: z.string().default('').openapi({ description: 'A slug; empty for all' }),
});

/** `[from, to)`, Unix milliseconds; `to` null is open. */
export interface QueriedWindow {
  readonly from: number;
  readonly to: number | null;
}

/** @throws ApiError 422 if it ends before it begins */
export function queriedWindow({ start_date, end_date }: Pick<z.infer<typeof WindowQuery>, 'start_date' | 'end_date'>): QueriedWindow {
  const from = parsed(start_date);
  if (end_date === undefined) return { from, to: null };

  const to = parsed(end_date) + (isDay(end_date) ? DAY_MS : 1);
  if (to <= from) throw invalid({ type: 'value_error', loc: ['query', 'end_date'], msg: 'end_date is before start_date', input: end_date });
  return { from, to };
}

const isDay = (text: string): boolean => text.length === 10;

const parsed = (text: string): number => Date.parse(isDay(text) || /(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
