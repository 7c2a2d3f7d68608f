/** A person as the app knows them. */
export interface UserDoc {
  /** UUID. */
  readonly _id: string;
  readonly teamId: string;
  readonly clientUserId: string;
  /** IANA. */
  readonly fallbackTimeZone: string | null;
  readonly fallbackBirthDate: string | null;
  readonly ingestionStart: string | null;
  readonly ingestionEnd: string | null;
  readonly createdAt: number;
}

/**
 * Makes `client_user_id` unique in its team, `_id: <teamId>:<clientUserId>`. It carries the whole user, so that whoever meets a claim
 * whose user was never written can write it (design §3).
 */
export interface UserClaimDoc {
  readonly _id: string;
  readonly user: UserDoc;
}
