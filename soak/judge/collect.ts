import type { Engine } from '../../test/engine/engine';
import { allReadings, announced } from '../../test/engine/judge';
import { accountsOf, type SoakPerson } from '../person';
import type { PersonFacts } from './judgePerson';

/** @param judgedAt what could be seen by then is judged */
export async function collectPerson(engine: Engine, soakPerson: SoakPerson, judgedAt: number): Promise<PersonFacts> {
  const { person, scenario, userId } = soakPerson;
  const { control, clientId } = engine.simulator;
  // Stored first: what is corrected between the two is then known by its instant.
  const stored = await allReadings(engine, userId);
  const accounts = await Promise.all(
    accountsOf(soakPerson).map(async (used) => ({ ...used, ledger: await control.readings(used.account, { clientId }) })),
  );
  const told = (type: 'created' | 'updated') => announced(engine.receiver.distinct(`daily.data.glucose.${type}`), userId);
  return { person, scenario, judgedAt, accounts, stored, created: told('created'), updated: told('updated') };
}
