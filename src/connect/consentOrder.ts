import type { ConnectionDoc } from '../storage/connectionDoc';

/** One consent of a person, by the connection it leads to. */
export type ConsentOf = Pick<ConnectionDoc, '_id' | 'consentedAt'>;

/**
 * The older consent of one person first: whatever goes by who consented last goes by this. Consents come from any number of processes, so two
 * may be of one millisecond; then the connection's id says, in any process the same.
 */
export const byConsent = (a: ConsentOf, b: ConsentOf): number =>
  a.consentedAt - b.consentedAt || (a._id < b._id ? -1 : Number(a._id > b._id));
