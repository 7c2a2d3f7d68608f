const DAY_MS = 86_400_000;
/** Dexcom's consent is for a year; whether a rotation begins another one is not known (dexcom-api.md §1.4), so none is counted on. */
const CONSENT_DAYS = 365;
/** When its end is told, days before. */
const TOLD_DAYS_BEFORE = [30, 7] as const;

/** Unix milliseconds. */
export const consentEndsAt = (consentedAt: number): number => consentedAt + CONSENT_DAYS * DAY_MS;

/** When the end of a consent is told next, Unix milliseconds; null: it has been told for the last time. */
export function tellExpiryAfter(consentedAt: number, after: number): number | null {
  return TOLD_DAYS_BEFORE.map((days) => consentEndsAt(consentedAt) - days * DAY_MS).find((at) => at > after) ?? null;
}

/** Which of them is due at `now`: the latest, if several were missed; null before the first and once it has ended. */
export function expiryDue(consentedAt: number, now: number): number | null {
  if (now >= consentEndsAt(consentedAt)) return null;
  return TOLD_DAYS_BEFORE.findLast((days) => consentEndsAt(consentedAt) - days * DAY_MS <= now) ?? null;
}
