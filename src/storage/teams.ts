/** An app's space: users, keys and endpoints of one team are invisible to every other. */
export interface TeamDoc {
  /** UUID. */
  readonly _id: string;
  readonly orgId: string;
  readonly name: string;
  /** Where the link flow may send a browser back to: exact origin + path prefix; empty allows only our own end page. */
  readonly redirectUrls: readonly string[];
  readonly createdAt: number;
}
