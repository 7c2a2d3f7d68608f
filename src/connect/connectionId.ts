import { nameUuid } from '../security/nameUuid';

const CONNECTIONS = '6f1b9a1c0d7e4c5f9a53b2a7d8e4c610';

/** Of one Dexcom account of one user: how a reconnecting person finds their data. The account's id is Dexcom's for our app, so it is hashed, not shown. */
export const connectionIdOf = (userId: string, provider: string, accountId: string): string =>
  nameUuid(CONNECTIONS, [userId, provider, accountId]);
