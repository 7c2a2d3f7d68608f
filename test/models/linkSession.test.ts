import { explore, told } from './engine';
import type { Rules, World } from './linkSession';
import { ALL_RULES, linkSession } from './linkSession';

const twoTabsAndReload: World = { callbacks: ['a', 'b', 'a'], failures: 1 };
const threeTabsAndReload: World = { callbacks: ['a', 'b', 'c', 'a'], failures: 0 };

describe('a link session, with every order of steps and every death', () => {
  test.each<[string, World]>([
    ['two tabs, a reload and a failed exchange', twoTabsAndReload],
    ['three tabs and a reload', threeTabsAndReload],
  ])('%s: one session gives one grant, and a new code always finds a way', (_, world) => {
    expect(told(explore(linkSession(world, ALL_RULES)))).toEqual([]);
  });

  test.each<[keyof Rules, string]>([
    ['consumeFirst', 'one session gives one grant'],
    ['heldClaimOnly', 'one session gives one grant'],
    ['spentCodes', 'no code is sent twice'],
    ['takeOver', 'a new code always finds a way'],
  ])('without %s it breaks that %s', (rule, invariant) => {
    const { breaches } = explore(linkSession(twoTabsAndReload, { ...ALL_RULES, [rule]: false }), invariant);
    expect(breaches).toContainEqual(expect.objectContaining({ invariant }));
  });
});
