/** Retry-After as milliseconds from `now`: it names seconds or an instant. Null for anything else. */
export function retryAfterMs(header: string, now: number): number | null {
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
