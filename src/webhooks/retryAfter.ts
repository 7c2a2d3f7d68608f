/** What a `Retry-After` header asks for: seconds or a date. @returns milliseconds from `now`, null if it says nothing usable */
export function retryAfterMs(header: string | readonly string[] | undefined, now: number): number | null {
  const text = typeof header === 'string' ? header.trim() : '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
