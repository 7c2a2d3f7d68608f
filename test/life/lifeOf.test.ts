import fc from 'fast-check';
import { consentEndsAt, expiryDue, tellExpiryAfter } from '../../src/life/consentEnd';
import { lifeOf } from '../../src/life/lifeOf';
import { lifeOfConnection } from '../../src/life/lifeOfConnection';
import { silenceCause } from '../../src/life/silenceCause';
import { lifeOfState } from '../../src/workflows/lifeOfState';
import { readingAt } from '../glucose/readings';
import { sampleConnection } from '../storage/sampleConnection';
import { DAY, HOUR, idle, NOW } from '../workflows/states';

const working = { needsReauth: null };
const marked = { needsReauth: { reason: 'revoked', at: NOW } } as const;
const failing = { lastError: { type: 'DexcomUnavailable', message: 'it failed', at: NOW }, errorSince: NOW - HOUR };

describe('the life of a connection', () => {
  test.each([
    ['connected', null, NOW - DAY, {}, working],
    ['connected', null, NOW, { connectedSince: NOW }, working],
    ['error', 'DexcomUnavailable', NOW - HOUR, failing, working],
    ['paused', 'request', NOW, { ...failing, desired: 'paused', desiredSince: NOW }, working],
    ['needs_reauth', 'revoked', NOW, { ...failing, desired: 'paused', desiredSince: NOW - 1 }, marked],
    ['needs_reauth', 'grant_missing', null, {}, null],
    ['disconnected', 'deletion', NOW, { desired: 'disconnected', desiredSince: NOW, ended: 'deletion' }, null],
    ['disconnected', 'request', null, { desired: 'disconnected' }, null],
    ['paused', 'ingestion_end', NOW, { desired: 'disconnected', desiredSince: NOW, ended: 'ingestion_end' }, null],
  ] as const)('is %s (%s) by what is stored of it', (state, reason, since, change, grant) => {
    const life = lifeOfConnection(sampleConnection({ consentedAt: NOW - DAY, ...change }), grant);
    expect(life).toEqual({ state, reason, since, whatNext: expect.stringMatching(/^[A-Z].+[^.]$/) });
  });

  test('is the same on the workflow’s page: state, reason and what to do next', () => {
    const { token, live } = idle;
    const pairs = [
      [idle, sampleConnection(), working],
      [{ ...idle, desired: 'paused' as const }, sampleConnection({ desired: 'paused' }), working],
      [{ ...idle, live: { ...live, error: 'DexcomUnavailable' } }, sampleConnection(failing), working],
      [{ ...idle, token: { ...token, needsReauth: 'revoked' as const } }, sampleConnection(), marked],
    ] as const;
    for (const [state, connection, grant] of pairs)
      expect({ ...lifeOfState(state), since: 0 }).toEqual({ ...lifeOfConnection(connection, grant), since: 0 });
  });

  test('is told whatever is stored', () => {
    const facts = fc.record({
      desired: fc.constantFrom('running', 'paused', 'disconnected'),
      desiredSince: fc.option(fc.nat()),
      ended: fc.constantFrom(null, 'request', 'deletion', 'other_account', 'ingestion_end'),
      reauth: fc.constantFrom(null, { reason: 'rotation_lost', at: 1 } as const),
      error: fc.constantFrom(null, { type: 'RateLimited', since: 1 }),
      connectedSince: fc.option(fc.nat()),
    });
    fc.assert(
      fc.property(facts, (some) => {
        const { state, reason, whatNext } = lifeOf(some);
        expect(reason === null).toBe(state === 'connected');
        expect(whatNext).not.toBe('');
        expect(state === 'disconnected').toBe(some.desired === 'disconnected' && some.ended !== 'ingestion_end');
      }),
    );
  });
});

describe('the end of a consent', () => {
  const at = (days: number) => consentEndsAt(NOW) - days * DAY;

  test('is told 30 and 7 days before, and then no more', () => {
    expect([tellExpiryAfter(NOW, NOW), tellExpiryAfter(NOW, at(30)), tellExpiryAfter(NOW, at(7))]).toEqual([at(30), at(7), null]);
  });

  test.each([
    [31, null],
    [30, 30],
    [8, 30],
    [7, 7],
    [0.1, 7],
    [0, null],
    [-3, null],
  ])('is due %s days before as that of %s: of two that were missed the later one, after the end none', (days, due) => {
    expect(expiryDue(NOW, at(days))).toBe(due);
  });
});

describe('the likely cause of a silence', () => {
  const g7 = (days: number, agoMs = 2 * HOUR) => {
    const reading = readingAt(NOW - agoMs, {});
    return { ...reading, transmitterTicks: days * 86_400, device: { ...reading.device, generation: 'g7' } };
  };
  const g6 = { ...g7(10), device: { ...g7(10).device, generation: 'g6' } };
  const failed = (type: string) => ({ lastError: { type, message: '', at: NOW } });

  test.each([
    ['dexcom_down', failed('DexcomUnavailable'), g7(10)],
    ['dexcom_down', failed('RateLimited'), null],
    ['sync_failing', failed('ClientRejected'), g7(3)],
    ['warm_up', { lastError: null }, g7(10.2)],
    ['warm_up', { lastError: null }, g7(15)],
    ['nothing_uploaded', { lastError: null }, g7(10, 5 * HOUR)],
    ['nothing_uploaded', { lastError: null }, g7(6)],
    ['nothing_uploaded', { lastError: null }, g6],
    ['nothing_uploaded', { lastError: null }, null],
  ])('is %s', (cause, connection, latest) => {
    expect(silenceCause(connection, latest, NOW)).toBe(cause);
  });
});
