import { readScenario } from '../../../simulator/scenarios/readScenario';
import type { Strike } from '../strike';

/** The scenario `token-outage` for a minute, at whatever hour: the token endpoint fails in three manners. */
export const tokenOutage: Strike = {
  name: 'token outage',
  at: 'dexcom',
  weight: 2,
  async strike({ engine, later }, draw) {
    const { control } = engine.simulator;
    const seconds = draw.between(20, 60);
    const { faults } = readScenario('token-outage', Date.now());
    const placed = await Promise.all(faults.map(({ daily: _, ...fault }) => control.addFault(fault)));
    later.after(seconds * 1_000, 'the end of a token outage', () => Promise.all(placed.map(({ id }) => control.clearFault(id))));
    return `the token endpoint fails for ${seconds} s`;
  },
};
