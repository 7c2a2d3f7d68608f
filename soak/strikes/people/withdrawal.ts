import { accountsOf } from '../../person';
import type { Strike } from '../strike';

/** Somebody withdraws consent at Dexcom; the app hears of it and asks them again. */
export const withdrawal: Strike = {
  name: 'withdrawal',
  at: 'people',
  weight: 1,
  async strike({ engine, people }, draw) {
    const person = draw.oneOf(people);
    const account = accountsOf(person).at(-1)?.account ?? person.person;
    const { revoked } = await engine.simulator.control.revoke({ personId: account });
    return `${account} withdraws ${revoked} grants`;
  },
};
