const DAY_MS = 86_400_000;

/** `_id` of the day that holds `at`, Unix milliseconds: `<connectionId>:<yyyy-mm-dd>`, UTC. */
export const dayId = (connectionId: string, at: number): string => `${connectionId}:${new Date(at).toISOString().slice(0, 10)}`;

/** Its midnight UTC, Unix milliseconds. */
export const dayStart = (id: string): number => Date.parse(id.slice(-10));

/** The days that hold `[from, to)`, Unix milliseconds, oldest first. */
export function dayIds(connectionId: string, { from, to }: { readonly from: number; readonly to: number }): string[] {
  const first = Math.floor(from / DAY_MS);
  const count = Math.max(0, Math.ceil(to / DAY_MS) - first);
  return Array.from({ length: count }, (_, n) => dayId(connectionId, (first + n) * DAY_MS));
}
