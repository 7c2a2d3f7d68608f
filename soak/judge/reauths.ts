import type { Engine } from '../../test/engine/engine';
import { accountsOf, type SoakPerson } from '../person';
import type { Judge } from './judge';
import { type ReauthFacts, unexplainedReauths } from './unexplainedReauths';

/** Nobody had to consent again without a cause in the ledger. */
export const reauths: Judge = async ({ engine, people }) => {
  const facts = await Promise.all(people.map((person) => factsOf(engine, person)));
  const unexplained = facts.flatMap(unexplainedReauths);

  return {
    isGood: unexplained.length === 0,
    tables: [],
    figures: [
      ['told to consent again', facts.reduce((sum, { told }) => sum + told.length, 0)],
      ['of these without a cause in the ledger', unexplained.length],
    ],
    findings: unexplained,
  };
};

async function factsOf(engine: Engine, soakPerson: SoakPerson): Promise<ReauthFacts> {
  const { person, userId } = soakPerson;
  const { control } = engine.simulator;
  const told = engine.receiver
    .distinct('provider.connection.error')
    .filter(({ body }) => body.user_id === userId)
    .map(({ at, body }) => ({ at, reason: String(body.data.reason) }));
  const accounts = accountsOf(soakPerson).map(({ account }) => account);
  const grants = await Promise.all(accounts.map((personId) => control.grants({ personId })));
  const rotations = await Promise.all(accounts.map((personId) => control.rotations({ personId })));
  return { person, told, grants: grants.flat(), rotations: rotations.flat() };
}
