import type { Engine } from '../test/engine/engine';
import { eventually } from '../test/engine/eventually';
import type { SoakPerson } from './person';

/** A person comes back to a page that did not work, for so long. */
const WITHIN = { withinMs: 240_000, everyMs: 2_000 };

/** Sends somebody through Link once more, as often as it takes while API, Temporal, the database or Dexcom are away. @throws what kept them from it */
export async function linkAgain(engine: Engine, { person, userId, consents }: SoakPerson): Promise<void> {
  const account = await accountOpenedBy(engine, person);
  const before = Date.now();
  const place = consents.push({ account, between: [before, before] }) - 1;
  try {
    await eventually(() => engine.reconnect(userId, person), WITHIN);
  } finally {
    // An attempt that failed may have been settled all the same.
    consents[place] = { account, between: [before, Date.now()] };
  }
}

/** Some sign in with a relative's account from their second consent on (simulator/oauth/approvedAccount.ts). */
async function accountOpenedBy({ simulator: { control } }: Engine, person: string): Promise<string> {
  const { approvesAs } = (await control.person(person)).switches;
  if (!approvesAs) return person;
  const consents = await control.grants({ personId: person });
  return consents.length < approvesAs.afterConsents ? person : approvesAs.account;
}
