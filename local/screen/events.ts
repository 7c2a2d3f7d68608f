import pc from 'picocolors';
import { z } from 'zod';
import type { ReceivedEvent } from '../receiver/receiver';

const Glucose = z.object({
  data: z.array(z.object({ system_time: z.string(), value: z.number(), value_mg_per_dl: z.number(), trend: z.string().nullable() })).min(1),
});

/** Of a history that is complete. */
const Range = z.object({ start_date: z.string(), end_date: z.string() });

/** An event with what a watcher wants to know: how many readings, and how old the newest was when it came. */
export interface SeenEvent {
  readonly event: string;
  readonly messageId: string;
  readonly userId: string;
  readonly receivedAt: string;
  /** For events with readings. */
  readonly readings?: number;
  readonly newestReadingAt?: string;
  /** Since it was measured. */
  readonly ageMs?: number;
}

export function seenEvent({ event_type, messageId, user_id, data, receivedAt }: ReceivedEvent): SeenEvent {
  const seen = { event: event_type, messageId, userId: user_id, receivedAt: new Date(receivedAt).toISOString() };
  const newest = newestOf(data);
  if (!newest) return seen;
  const { system_time, readings } = newest;
  return { ...seen, readings, newestReadingAt: system_time, ageMs: receivedAt - Date.parse(system_time) };
}

/**
 * "14:05:12  daily.data.glucose.created  1 reading, newest 5.8 mmol/L (104 mg/dL) flat, 3.2 s old  grace"
 * @param usualUserId whose events need not say whose they are; null: nobody's
 */
export function eventLine(event: ReceivedEvent, usualUserId: string | null): string {
  const { receivedAt, ageMs = 0 } = seenEvent(event);
  const time = new Date(receivedAt).toTimeString().slice(0, 8);
  const whose = event.user_id === usualUserId ? '' : event.client_user_id;
  return [pc.dim(time), pc.cyan(event.event_type), told(event.data, ageMs), pc.bold(whose)].filter((part) => part !== '').join('  ');
}

function told(data: unknown, ageMs: number): string {
  const newest = newestOf(data);
  if (newest) {
    const { value, value_mg_per_dl, trend } = newest;
    const shown = `${value.toFixed(1)} mmol/L (${value_mg_per_dl} mg/dL)${trend === null ? '' : ` ${trend}`}`;
    return `${readings(newest.readings)}, newest ${shown}, ${age(ageMs)} old`;
  }
  const range = Range.safeParse(data).data;
  return range ? `${range.start_date.slice(0, 10)} to ${range.end_date.slice(0, 10)}` : '';
}

function newestOf(data: unknown) {
  const parsed = Glucose.safeParse(data);
  const newest = parsed.data?.data.at(-1);
  return newest && { ...newest, readings: parsed.data?.data.length ?? 0 };
}

const readings = (count: number): string => (count === 1 ? '1 reading' : `${count} readings`);

function age(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 3_600_000 ? `${Math.round(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}
