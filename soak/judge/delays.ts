import type { Engine } from '../../test/engine/engine';
import { announced } from '../../test/engine/judge';
import type { Arrival } from '../../test/engine/receiver';
import { accountsOf, type SoakPerson } from '../person';

/** How long each reading of news of this person was on its way: visible at Dexcom to taken by the receiver, milliseconds. */
export async function delaysOf(engine: Engine, soakPerson: SoakPerson, created: readonly Arrival[]): Promise<number[]> {
  const { control, clientId } = engine.simulator;
  const delays: number[] = [];
  for (const { account, firstConsent } of accountsOf(soakPerson)) {
    const ledger = await control.readings(account, { clientId, from: firstConsent[1] });
    const visibleAt = new Map(ledger.map((reading) => [reading.recordId, reading.visibleAt]));
    for (const arrival of created) {
      for (const { record_id } of announced([arrival], soakPerson.userId)) {
        const since = visibleAt.get(record_id);
        if (typeof since === 'number') delays.push(Math.max(0, arrival.at - since));
      }
    }
  }
  return delays;
}
