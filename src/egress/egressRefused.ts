/** We do not talk to that address. The message says why, and is fit for whoever named it. */
export class EgressRefused extends Error {
  override readonly name = 'EgressRefused';
  readonly code = 'EGRESS_REFUSED';
}
