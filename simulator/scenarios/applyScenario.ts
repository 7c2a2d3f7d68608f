import { putFault } from '../faults/putFault';
import { given } from '../given';
import { addPeople } from '../people/addPeople';
import type { Person } from '../people/person';
import type { Settings } from '../world/settings';
import type { World } from '../world/world';
import { readScenario } from './readScenario';

/**
 * Lets a scenario begin now, once in the life of a state folder: its people arrive, its settings and faults are in place.
 * @returns who arrived; null if it began before
 * @throws ScenarioUnreadable, PersonTaken if somebody of it is here already, RecordingUnreadable
 */
export function applyScenario(world: World, name: string): readonly Person[] | null {
  if (world.state.scenarios.has(name)) return null;
  const at = world.now();
  const { settings, people, faults } = readScenario(name, at);
  const arrived = people.flatMap((wish) => addPeople(world, wish).map(({ person }) => person));
  if (Object.keys(settings).length > 0) world.record({ kind: 'settingsChanged', change: given<Settings>(settings) });
  for (const fault of faults) putFault(world, fault);
  world.record({ kind: 'scenarioApplied', name, at });
  return arrived;
}
