/** Something a person wrote down beside their readings, as Dexcom has it (dexcom-api.md §2.5): words as sent, null where there is none. */
export interface LoggedEvent {
  readonly recordId: string;
  /** When it happened (systemTime), Unix milliseconds. */
  readonly at: number;
  /** `created`, `updated`, `deleted`. */
  readonly status: string | null;
  /** `insulin`, `carbs`, `exercise`, `health`, `bloodGlucose`, `notes` and others. */
  readonly type: string;
  readonly subType: string | null;
  /** A number, of `unit`, or a note's words; numbers as text. */
  readonly value: string | null;
  readonly unit: string | null;
  /** Of the clock that was shown, seconds east of UTC. */
  readonly utcOffsetSeconds: number | null;
  /** JSON, as sent. */
  readonly raw: string;
}

/** What was said of an event last counts most: that it is gone, then that it was changed. */
export const finality = ({ status }: Pick<LoggedEvent, 'status'>): number => (status === 'deleted' ? 2 : status === 'updated' ? 1 : 0);
