/** UTC, to the second, as Vital writes it: `2026-11-22T08:05:12+00:00`. */
export const instant = (unixMs: number): string => `${new Date(unixMs).toISOString().slice(0, 19)}+00:00`;

export const instantOrNull = (unixMs: number | null): string | null => (unixMs === null ? null : instant(unixMs));
