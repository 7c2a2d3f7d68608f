/** How a deleted user is erased, given to the workflow as input: tests pass a shorter one. Milliseconds. */
export interface ErasurePolicy {
  /** After erasing, how long until what a process that had slept all the while may have written is looked for. */
  readonly lookAgainMs: number;
}

export const erasurePolicy: ErasurePolicy = { lookAgainMs: 86_400_000 };
