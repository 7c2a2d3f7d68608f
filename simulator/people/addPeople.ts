import { z } from 'zod';
import type { World } from '../world/world';
import { type AddedPerson, addPerson, PersonRequest } from './addPerson';

export const PeopleRequest = PersonRequest.extend({
  /** So many at once, called `<id>-1`, `<id>-2` … */
  count: z.int().positive().max(100_000).optional(),
});
export type PeopleRequest = z.infer<typeof PeopleRequest>;

/** Somebody of that name is here already. */
export class PersonTaken extends Error {
  override readonly name = 'PersonTaken';

  constructor(id: string) {
    super(`id: ${id} is here already`);
  }
}

/** All of them or none. @throws PersonTaken, RecordingUnreadable */
export function addPeople(world: World, { count, ...wish }: PeopleRequest): AddedPerson[] {
  const ids = count === undefined ? [wish.id] : Array.from({ length: count }, (_, n) => `${wish.id}-${n + 1}`);
  const taken = ids.find((id) => world.state.people.has(id));
  if (taken !== undefined) throw new PersonTaken(taken);
  return ids.map((id) => addPerson(world, { ...wish, id }));
}
