import type { OddityName } from '../oddities/oddities';
import type { World } from '../world/world';
import type { DelayChange } from './delay';
import { type Pace, withPace } from './pace';
import type { Switches } from './switches';
import { latestSwitches } from './switchesAt';

/** From now on the person's readings come at this pace. A stranger has none to change. */
export function setPace(world: World, personId: string, pace: Pace): void {
  const origin = world.origin(personId);
  if (!origin) return;
  const { person, recording } = origin;
  const spans = withPace(person.spans, recording?.rhythm ?? null, pace, world.now());
  world.record({ kind: 'personPut', person: { ...person, spans } });
}

/** Everything of theirs that is not visible yet becomes so this long after it was measured. */
export function setDelay(world: World, personId: string, delayMs: number): void {
  const person = world.state.people.get(personId);
  if (!person) return;
  const change: DelayChange = { from: world.now(), delayMs };
  world.record({ kind: 'personPut', person: { ...person, delays: [...person.delays, change] } });
}

/** Their answers are odd in these ways from now on, history included. */
export function setOddities(world: World, personId: string, oddities: readonly OddityName[]): void {
  const person = world.state.people.get(personId);
  if (person) world.record({ kind: 'personPut', person: { ...person, oddities } });
}

/** Whatever is measured from now on goes by these switches too; what was measured before stays as it is. */
export function setSwitches(world: World, personId: string, change: Partial<Switches>): void {
  const person = world.state.people.get(personId);
  if (!person) return;
  const next = { from: world.now() + 1, switches: { ...latestSwitches(person), ...change } };
  world.record({ kind: 'personPut', person: { ...person, switches: [...(person.switches ?? []), next] } });
}
