import { explore, told } from './engine';
import { feed } from './feed';
import { ALL_RULES, type Rules, type World } from './feedState';

const atOnce: World = { messages: 2, writers: 2, appends: 2, requests: 1 };
const askedTwice: World = { messages: 2, writers: 1, appends: 1, requests: 2 };
const begun: World = { messages: 2, writers: 1, appends: 1, requests: 2, begins: true };
const purged: World = { messages: 3, writers: 1, appends: 1, requests: 1, purges: 1 };
const restored: World = { messages: 2, writers: 1, appends: 1, requests: 2, restores: 1 };
const leftOver: World = { messages: 1, writers: 1, appends: 1, requests: 2 };
const untidy: Rules = { ...ALL_RULES, finishTail: false };

describe('a team’s pull feed, with every order of steps and every death', () => {
  test.each([
    ['two writers while somebody reads', atOnce],
    ['a reader whose request dies and is sent again', askedTwice],
    ['a reader that begins with an instant', begun],
    ['what was read is purged', purged],
    ['the database is restored from a backup', restored],
  ])('%s: a reader that follows its cursor gets every message once', (_, world) => {
    expect(told(explore(feed(world, ALL_RULES)))).toEqual([]);
  });

  test('where nobody finishes the newest entry first some are void, and passed over', () => {
    expect(told(explore(feed(leftOver, untidy)))).toEqual([]);
  });

  test.each<[keyof Rules, string, World, Rules]>([
    ['insertOnce', 'every message is read', atOnce, ALL_RULES],
    ['finishBeforePassing', 'every message is read', askedTwice, ALL_RULES],
    ['readersAppend', 'every message is read', askedTwice, ALL_RULES],
    ['floor', 'every message is read', purged, ALL_RULES],
    ['nonce', 'every message is read', restored, ALL_RULES],
    ['newestFirst', 'every message is read', begun, ALL_RULES],
    ['placeIfUnplaced', 'no message is read twice', leftOver, untidy],
    ['passOverVoid', 'no message is read twice', leftOver, untidy],
  ])('without %s it breaks that %s', (rule, invariant, world, rules) => {
    expect(explore(feed(world, { ...rules, [rule]: false }), invariant).breaches).toContainEqual(expect.objectContaining({ invariant }));
  });
});
