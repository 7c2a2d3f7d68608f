import { linkAgain } from '../../linkAgain';
import type { Strike } from '../strike';

/** Somebody goes through Link once more, for no reason: the fresh consent wins over whatever is under way with the older one. */
export const consentAnew: Strike = {
  name: 'consent anew',
  at: 'people',
  weight: 2,
  async strike({ engine, people, later }, draw) {
    const person = draw.oneOf(people);
    later.after(0, `the new consent of ${person.person}`, () => linkAgain(engine, person));
    return `${person.person} consents again`;
  },
};
