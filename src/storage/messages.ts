/** An event on its way to the app. It exists before any HTTP and never changes but for `dispatched`. */
export interface MessageDoc {
  /** `msg_` + hash of what it tells (design §2): the same news gives the same id, so a repeat inserts nothing. */
  readonly _id: string;
  readonly teamId: string;
  readonly userId: string;
  readonly connectionId: string | null;
  readonly type: string;
  readonly createdAt: number;
  /** The exact body sent and signed. */
  readonly body: string;
  /** The endpoints subscribed when it was made. */
  readonly targets: readonly string[];
  /** Every target has a delivery or has accepted; set once by whoever dispatched it. */
  readonly dispatched: boolean;
}
