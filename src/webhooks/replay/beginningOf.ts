import type { ReplayCursor, ReplayWish } from '../../storage/replays';

/** Where a replay's look at the past begins. */
export function beginningOf(wish: ReplayWish): ReplayCursor {
  switch (wish.kind) {
    case 'resend':
      return { at: 0, _id: '' };
    case 'recover':
      return { at: wish.since, _id: '' };
    case 'replay':
      return { at: wish.from, _id: '' };
  }
}
