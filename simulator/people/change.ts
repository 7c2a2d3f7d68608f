import type { World } from '../world/world';
import { type Pace, withPace } from './pace';
import type { Person } from './person';

/** From now on readings come at this pace. */
export function setPace(world: World, person: Person, pace: Pace): void {
  const rhythm = world.origin(person.id)?.recording?.rhythm ?? null;
  world.record({ kind: 'personPut', person: { ...person, spans: withPace(person.spans, rhythm, pace, world.now()) } });
}

/** Everything that is not visible yet becomes so this long after it was measured. */
export function setDelay(world: World, person: Person, delayMs: number): void {
  world.record({ kind: 'personPut', person: { ...person, delays: [...person.delays, { from: world.now(), delayMs }] } });
}
