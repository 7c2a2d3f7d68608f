import { ALL_RULES, dispatch } from './dispatch';
import type { Rules, World } from './dispatchState';
import { explore, told } from './engine';

const flapping: World = { messages: 2, dispatches: 3, flips: 2 };
const disabled: World = { messages: 1, dispatches: 2, flips: 2, disabled: true };
const accidents: World = { messages: 1, dispatches: 2, flips: 2, disabled: true, accidents: true };
/** Its first dispatch has died, and its workflow and the repair come upon it at the same time. */
const late: World = { messages: 2, dispatches: 3, flips: 1, timely: true };
/** The first message is never taken. */
const poison: World = { messages: 2, dispatches: 2, flips: 1, poison: true };
/** The first message is refused until the server has been away. */
const mended: World = { messages: 2, dispatches: 2, flips: 2, poison: true, mended: true };
const refusing: World = { messages: 2, dispatches: 2, flips: 2, refusesWhenDown: true };
/** `reconcile` mends within a minute what the hand-over itself should never break, so the hand-over is judged without it. */
const handOver: Rules = { ...ALL_RULES, reconcile: false };

describe('the hand-over of a message to its endpoint, with every order of steps and every death', () => {
  test.each<[string, World, Rules]>([
    ['the server goes down and comes back', flapping, handOver],
    ['the endpoint is disabled and enabled again', disabled, handOver],
    ['several dispatch what is late', late, handOver],
    ['one message is never taken', poison, handOver],
    ['the server answers and refuses everything for a while', refusing, handOver],
    ['one message is not taken until the server has been away', mended, handOver],
    ['whoever enables dies half-way and the backlog is terminated', accidents, ALL_RULES],
  ])('%s: every message is received, none stays pending, none overtakes what waits', (_, world, rules) => {
    expect(told(explore(dispatch(world, rules)))).toEqual([]);
  });

  test.each<[keyof Rules, string, World]>([
    ['signalAfterFailedPost', 'every message reaches a server that answers', flapping],
    ['completeOnlyUnsignalled', 'every message reaches a server that answers', flapping],
    ['pendingOnlyIfAbsent', 'nothing that was received stays pending', flapping],
    ['failingBeforeSignal', 'every message reaches a server that answers', disabled],
    ['failingBeforeWait', 'nothing is posted inline while a backlog waits', flapping],
    ['reconcile', 'every message reaches a server that answers', accidents],
    ['othersGoOn', 'every message reaches a server that answers', poison],
    ['countOnlyWhileOthersSucceed', 'nothing is given up but what the endpoint refuses while it takes others', refusing],
    ['silenceIsTheEndpoints', 'no outage uses up a message’s last try', mended],
    ['lateOnesWait', 'no two post the same message', late],
  ])('without %s it breaks that %s', (rule, invariant, world) => {
    expect(explore(dispatch(world, { ...handOver, [rule]: false }), invariant).breaches).toContainEqual(
      expect.objectContaining({ invariant }),
    );
  });
});
