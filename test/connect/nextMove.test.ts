import { accountTaken, linked, tokenConsumed, tokenExpired, tokenInvalid, tryAgain } from '../../src/connect/linkOutcome';
import { nextMove } from '../../src/connect/nextMove';
import type { LinkSessionDoc, LinkStep } from '../../src/storage/linkSessionDoc';

const NOW = 1_000_000;
const consumed = { kind: 'consumed', codeHash: 'a', consentId: 'c', consentedAt: 0, tokens: null, connectionId: 'k' } as const;
const exchanging = (codeHash: string, leaseUntil: number): LinkStep => ({ kind: 'exchanging', codeHash, nonce: 'n', leaseUntil });

const session = (step: LinkStep, change: Partial<LinkSessionDoc> = {}): LinkSessionDoc => ({
  _id: 's',
  teamId: 't',
  userId: 'u',
  provider: null,
  filterOnProviders: null,
  redirectUrl: null,
  onClose: null,
  createdAt: 0,
  expiresAt: NOW + 1,
  spentCodeHashes: [],
  step,
  unfinished: false,
  ...change,
});

describe('a callback with code a finds a session', () => {
  test.each([
    ['open, and claims it', session({ kind: 'open' }), { kind: 'claim' }],
    [
      'open, but has failed with this code before',
      session({ kind: 'open' }, { spentCodeHashes: ['a'] }),
      { kind: 'answer', outcome: tryAgain },
    ],
    [
      'open, but its account was refused',
      session({ kind: 'open' }, { spentCodeHashes: ['a'], refusedCodeHash: 'a', expiresAt: 0 }),
      { kind: 'answer', outcome: accountTaken },
    ],
    [
      'consumed by another code after its own account was refused',
      session({ ...consumed, codeHash: 'b' }, { spentCodeHashes: ['a', 'b'], refusedCodeHash: 'a' }),
      { kind: 'answer', outcome: accountTaken },
    ],
    ['open, but expired', session({ kind: 'open' }, { expiresAt: NOW }), { kind: 'answer', outcome: tokenExpired }],
    ['claimed by another code, and waits', session(exchanging('b', NOW + 1)), { kind: 'wait' }],
    ['claimed by the same code, and waits', session(exchanging('a', NOW + 1)), { kind: 'wait' }],
    ['left by another code, and takes over', session(exchanging('b', NOW)), { kind: 'takeOver', nonce: 'n' }],
    [
      'left by another code after it failed itself',
      session(exchanging('b', NOW), { spentCodeHashes: ['a'] }),
      { kind: 'answer', outcome: tryAgain },
    ],
    ['left by another code, but expired', session(exchanging('b', NOW), { expiresAt: NOW }), { kind: 'answer', outcome: tokenExpired }],
    [
      'left by the same code, and reopens it instead of sending the code again',
      session(exchanging('a', NOW)),
      { kind: 'reopen', nonce: 'n' },
    ],
    [
      'left by the same code and expired, and reopens it',
      session(exchanging('a', NOW), { expiresAt: NOW }),
      { kind: 'reopen', nonce: 'n' },
    ],
    ['consumed by the same code', session(consumed), { kind: 'answer', outcome: linked }],
    ['consumed by the same code, long expired', session(consumed, { expiresAt: 0 }), { kind: 'answer', outcome: linked }],
    [
      'consumed by the same code and overtaken by a younger consent of the same person',
      session({ ...consumed, connectionId: null, overtaken: true }),
      { kind: 'answer', outcome: linked },
    ],
    [
      'consumed by the same code, of which nothing came',
      session({ ...consumed, connectionId: null, overtaken: false }),
      { kind: 'answer', outcome: tokenInvalid },
    ],
    ['consumed by the same code and unfinished', session({ ...consumed, connectionId: null }, { unfinished: true }), { kind: 'complete' }],
    ['consumed by another code', session({ ...consumed, codeHash: 'b' }), { kind: 'answer', outcome: tokenConsumed }],
    [
      'consumed by another code and unfinished',
      session({ ...consumed, codeHash: 'b' }, { unfinished: true }),
      { kind: 'answer', outcome: tokenConsumed },
    ],
  ] as const)('%s', (_, found, move) => {
    expect(nextMove(found, 'a', NOW)).toEqual(move);
  });
});
