import type { ConsumedStep, LinkSessionDoc } from '../storage/linkSessionDoc';
import { accountTaken, type LinkOutcome, linked, tokenConsumed, tokenExpired, tokenInvalid, tryAgain } from './linkOutcome';

/** What a callback with a code does next about the session it found. */
export type LinkMove =
  | { readonly kind: 'answer'; readonly outcome: LinkOutcome }
  /** The consent stands and is not settled yet. */
  | { readonly kind: 'complete' }
  | { readonly kind: 'claim' }
  /** Its claimant let the lease run out. */
  | { readonly kind: 'takeOver'; readonly nonce: string }
  /** This very code was claimed and nobody told what became of it: it is not sent again, another one may be. */
  | { readonly kind: 'reopen'; readonly nonce: string }
  /** Somebody is at it. */
  | { readonly kind: 'wait' };

/** Pure and total (test/models/linkSession explores what follows from it). `codeHash` names the code that came; `now` in Unix milliseconds. */
export function nextMove(session: LinkSessionDoc, codeHash: string, now: number): LinkMove {
  const { step, expiresAt, spentCodeHashes, unfinished } = session;
  if (session.refusedCodeHash === codeHash) return { kind: 'answer', outcome: accountTaken };

  const expired = now >= expiresAt;
  switch (step.kind) {
    case 'consumed':
      if (step.codeHash !== codeHash) return { kind: 'answer', outcome: tokenConsumed };
      return unfinished ? { kind: 'complete' } : { kind: 'answer', outcome: outcomeOf(step) };

    case 'exchanging':
      if (now < step.leaseUntil) return { kind: 'wait' };
      if (step.codeHash === codeHash) return { kind: 'reopen', nonce: step.nonce };
      if (spentCodeHashes.includes(codeHash)) return { kind: 'answer', outcome: tryAgain };
      return expired ? { kind: 'answer', outcome: tokenExpired } : { kind: 'takeOver', nonce: step.nonce };

    case 'open':
      if (expired) return { kind: 'answer', outcome: tokenExpired };
      return spentCodeHashes.includes(codeHash) ? { kind: 'answer', outcome: tryAgain } : { kind: 'claim' };
  }
}

/**
 * What a settled consent has come to. One that a younger consent of the same person had overtaken connected nothing itself, but the person is
 * connected by the younger one; nothing came of any other without a connection: its user was deleted, or Dexcom withdrew the grant.
 */
const outcomeOf = ({ connectionId, overtaken = false }: ConsumedStep): LinkOutcome =>
  connectionId !== null || overtaken ? linked : tokenInvalid;
