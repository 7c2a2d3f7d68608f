import { latestSwitches } from '../people/switchesAt';
import type { World } from '../world/world';

/** @returns whose account a person signs in to: their own, or by a switch a relative's, who shares the browser with them and may not be here */
export function approvedAccount({ state }: World, personId: string): string {
  const person = state.people.get(personId);
  const approvesAs = person && latestSwitches(person).approvesAs;
  if (!approvesAs) return personId;
  const consents = [...state.grants.values()].filter((grant) => grant.personId === personId).length;
  return consents < approvesAs.afterConsents ? personId : approvesAs.account;
}
