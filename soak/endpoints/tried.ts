/** One request that an endpoint was sent, and what it did about it. Ids only: it is written to a file. */
export interface Tried {
  readonly messageId: string;
  /** Null where it was not read. */
  readonly type: string | null;
  /** Unix milliseconds, when its head had come. */
  readonly at: number;
  /** Whether the signature was right; null where it was not read. */
  readonly verified: boolean | null;
  /** By its script; `takes` if that had nothing against it. */
  readonly manner: string;
  /** The app has it, whatever the engine got to know of that. */
  readonly took: boolean;
  /** Null: it said nothing. */
  readonly status: number | null;
  /** Until it had said it all, was hung up upon, or hung up. */
  readonly lastedMs: number;
  /** The engine hung up before it had said it all. */
  readonly hungUpon: boolean;
}
