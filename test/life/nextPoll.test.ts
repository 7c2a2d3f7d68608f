import { nextPoll } from '../../src/life/nextPoll';
import { sampleConnection } from '../storage/sampleConnection';
import { HOUR, NOW } from '../workflows/states';

const [AHEAD, DUE] = [NOW + HOUR, NOW - HOUR];
const usable = { needsReauth: null, accessTokenExpiresAt: AHEAD };
const spent = { ...usable, accessTokenExpiresAt: DUE };
const marked = { ...usable, needsReauth: { reason: 'revoked', at: NOW } } as const;
const failed = (type: string) => ({ lastError: { type, message: 'it failed', at: DUE } });

describe('when Dexcom is asked next', () => {
  test.each([
    ['as planned', AHEAD, { nextPollAt: AHEAD }, usable],
    ['at once, as it is due', DUE, { nextPollAt: DUE }, usable],
    ['at once, as it is due after a failure of Dexcom’s', DUE, { nextPollAt: DUE, ...failed('DexcomUnavailable') }, usable],
    ['as planned, the token being renewed before', AHEAD, { nextPollAt: AHEAD }, spent],
    ['as planned, the token that cannot be renewed being good still', AHEAD, { nextPollAt: AHEAD, ...failed('revoked') }, usable],
    ['at no time: it is paused', null, { nextPollAt: AHEAD, desired: 'paused' }, usable],
    ['at no time: it has ended', null, { nextPollAt: AHEAD, desired: 'disconnected' }, usable],
    ['at no time: its person has to consent again', null, { nextPollAt: AHEAD }, marked],
    ['at no time: there is no grant', null, { nextPollAt: AHEAD }, null],
    ['nobody knows when: no token could be had in time', null, { nextPollAt: DUE }, spent],
    ['nobody knows when: Dexcom takes neither token', null, { nextPollAt: DUE, ...failed('revoked') }, usable],
    ['nobody knows when: the renewed token was lost', null, { nextPollAt: DUE, ...failed('rotation_lost') }, usable],
  ] as const)('%s', (_, at, change, grant) => {
    expect(nextPoll(sampleConnection(change), grant, NOW)).toBe(at);
  });
});
