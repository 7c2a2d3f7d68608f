import { explore, told } from './engine';
import type { Rules, World } from './grant';
import { ALL_RULES, grant } from './grant';

const overlapping: World = { attempts: 3, overlapping: true, grace: false, drops: 1, settles: [2] };
const withGrace: World = { ...overlapping, grace: true };
const two: World = { ...overlapping, attempts: 2 };
const settledTwice: World = { ...two, drops: 0, settles: [2, 2] };
const settledLate: World = { ...settledTwice, settles: [2, 0] };
/** Only here are the labels exact both ways: an attempt that overlaps with another can take that one's sending for a lost one. */
const oneByOne: World = { attempts: 3, overlapping: false, grace: false, drops: 1, revocable: true };

describe('a grant, with every order of steps, death and lost answer', () => {
  test.each<[string, World]>([
    ['refreshes overlap while the person consents again', overlapping],
    ['the same where a spent token is accepted for a while', withGrace],
    ['a consent is settled by callback and reconcile', settledTwice],
    ['an old consent is settled after a younger one', settledLate],
    ['refreshes die one after the other while the person revokes', oneByOne],
  ])('%s: the youngest consent stands and no good token is given up', (_, world) => {
    expect(told(explore(grant(world, ALL_RULES)))).toEqual([]);
  });

  test.each<[keyof Rules, string, World]>([
    ['storeIfAsRead', 'the youngest consent stands', two],
    ['markIfAsRead', 'no good token is given up', two],
    ['storeClearsMark', 'no good token is given up', two],
    ['settleOnce', 'no token is lost unless an answer was', settledTwice],
    ['neverOverYounger', 'the youngest consent stands', settledLate],
    ['recordIntent', 'a lost answer is called one', oneByOne],
    ['answerStrikesIntent', 'a revoked consent is called one', oneByOne],
    ['intentKeepsEarlier', 'a lost answer is called one', oneByOne],
    ['intentOverTheOneRead', 'a lost answer is called one', two],
  ])('without %s it breaks that %s', (rule, invariant, world) => {
    expect(explore(grant(world, { ...ALL_RULES, [rule]: false }), invariant).breaches).toContainEqual(
      expect.objectContaining({ invariant }),
    );
  });
});
