/** What one process says of its clock another may read that much sooner or later. */
export const CLOCKS_APART_MS = 5_000;
