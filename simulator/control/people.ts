import { Hono } from 'hono';
import { z } from 'zod';
import type { SimulatorEnv } from '../env';
import { Duration } from '../instant';
import { OddityName } from '../oddities/oddities';
import { type AddedPerson, addPerson, PersonRequest, RecordingUnreadable } from '../people/addPerson';
import { setDelay, setOddities, setPace } from '../people/change';
import type { Person } from '../people/person';
import type { World } from '../world/world';
import { ControlRefused, originNamed, readBody } from './input';
import { Interval, paceOf } from './interval';

const PeopleRequest = PersonRequest.extend({
  /** So many at once, called `<id>-1`, `<id>-2` … */
  count: z.int().positive().max(100_000).optional(),
});
const PersonChange = z.strictObject({
  interval: Interval.optional(),
  delay: Duration.optional(),
  oddities: z.array(OddityName).optional(),
});

/** What the control API tells about a person. */
export type PersonAnswer = Omit<Person, 'corrections'> & { readonly corrections: number };

/** /people: who is there, who is new, and what changes about them. */
export function peopleRoutes(): Hono<SimulatorEnv> {
  const routes = new Hono<SimulatorEnv>();
  routes.get('/people', (c) => c.json([...c.var.world.state.people.values()].map(answer)));
  routes.get('/people/:id', (c) => c.json(answer(originNamed(c, c.req.param('id')).person)));

  routes.post('/people', async (c) => {
    const { world } = c.var;
    const { count, ...wish } = await readBody(c, PeopleRequest);
    const ids = count === undefined ? [wish.id] : Array.from({ length: count }, (_, n) => `${wish.id}-${n + 1}`);
    const taken = ids.find((id) => world.state.people.has(id));
    if (taken !== undefined) throw new ControlRefused(409, `id: ${taken} is here already`);
    const added = ids.map((id) => addOrRefuse(world, { ...wish, id }));
    return c.json({ people: added.map(({ person }) => answer(person)), unreadable: added[0]?.unreadable ?? [] }, 201);
  });

  routes.patch('/people/:id', async (c) => {
    const { world } = c.var;
    const { interval, delay, oddities } = await readBody(c, PersonChange);
    const { person } = originNamed(c, c.req.param('id'));
    if (interval !== undefined) setPace(world, person.id, paceOf(interval, person));
    if (delay !== undefined) setDelay(world, person.id, delay);
    if (oddities !== undefined) setOddities(world, person.id, oddities);
    return c.json(answer(originNamed(c, person.id).person));
  });
  return routes;
}

function addOrRefuse(world: World, wish: PersonRequest): AddedPerson {
  try {
    return addPerson(world, wish);
  } catch (error) {
    if (error instanceof RecordingUnreadable) throw new ControlRefused(422, `replay: ${error.message}`);
    throw error;
  }
}

const answer = (person: Person): PersonAnswer => ({ ...person, corrections: person.corrections.length });
