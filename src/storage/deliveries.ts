/** One message for one endpoint. `accepted` never goes back to `pending`. */
export interface DeliveryDoc {
  /** `<messageId>:<endpointId>` */
  readonly _id: string;
  readonly teamId: string;
  readonly endpointId: string;
  readonly messageId: string;
  readonly state: 'pending' | 'accepted';
  /** The message's, so that a backlog drains oldest first. */
  readonly createdAt: number;
  readonly attempts: number;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly lastAttemptAt: number | null;
  readonly acceptedAt: number | null;
}
