import { explore, told } from './engine';
import { user } from './user';
import { ALL_RULES, type Rules, type Wanted, type World } from './userWorld';

const create = (name: string, id = 'a'): Wanted => ({ does: 'create', user: name, id });
const rename = (name: string, id: string): Wanted => ({ does: 'rename', user: name, id });
const does = (what: 'delete' | 'undo' | 'erase', name = 'old'): Wanted => ({ does: what, user: name });

const createdAtOnce: World = { users: {}, callers: [create('x'), create('y')] };
const takenOver: World = { users: { old: 'a' }, callers: [does('delete'), does('undo'), create('x')] };
const deletedTwice: World = { users: { old: 'a' }, callers: [does('delete'), does('undo'), does('delete'), create('x')] };
const erased: World = { users: { old: 'a' }, callers: [does('delete'), does('erase'), create('x')] };
const renamedInto: World = { users: { old: 'a', other: 'b' }, callers: [rename('other', 'a'), does('delete'), does('undo')] };
const renamedAway: World = { users: { old: 'a' }, callers: [rename('old', 'b'), create('x', 'b'), create('y', 'a')] };
const thereAndBack: World = { users: { old: 'a' }, callers: [rename('old', 'b'), rename('old', 'a'), create('x', 'a')] };
const renamedAndErased: World = { users: { old: 'a' }, callers: [rename('old', 'b'), does('delete'), does('erase')] };
const swapped: World = { users: { old: 'a', other: 'b' }, callers: [rename('old', 'b'), rename('other', 'c'), does('delete', 'other')] };

describe('client user ids, with every order of steps and every death', () => {
  test.each([
    ['created at once', createdAtOnce],
    ['taken over while it is undone', takenOver],
    ['deleted, undone and deleted again', deletedTwice],
    ['erased', erased],
    ['a rename to a deleted user’s id', renamedInto],
    ['renamed away while others want both ids', renamedAway],
    ['renamed there and back', thereAndBack],
    ['renamed and erased', renamedAndErased],
    ['renames and a deletion', swapped],
  ])('%s: an id is one live user’s, and the next caller always finds it so', (_, world) => {
    expect(told(explore(user(world, ALL_RULES)))).toEqual([]);
  });

  test.each<[keyof Rules, World]>([
    ['completeCreates', createdAtOnce],
    ['saySettled', erased],
    ['claimsAsRead', thereAndBack],
    ['finalFirst', takenOver],
    ['disturb', renamedAway],
    ['oldClaimFirst', thereAndBack],
  ])('without %s it breaks', (rule, world) => {
    expect(explore(user(world, { ...ALL_RULES, [rule]: false })).breaches).not.toEqual([]);
  });
});
