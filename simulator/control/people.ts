import { Hono } from 'hono';
import { z } from 'zod';
import type { SimulatorEnv } from '../env';
import { given } from '../given';
import { Duration } from '../instant';
import { OddityName } from '../oddities/oddities';
import { addPeople, PeopleRequest, PersonTaken } from '../people/addPeople';
import { type AddedPerson, RecordingUnreadable } from '../people/addPerson';
import { setDelay, setOddities, setPace, setSwitches } from '../people/change';
import type { Person } from '../people/person';
import { Switches } from '../people/switches';
import { latestSwitches } from '../people/switchesAt';
import type { World } from '../world/world';
import { ControlRefused, originNamed, readBody } from './input';
import { Interval, paceOf } from './interval';

const PersonChange = z.strictObject({
  interval: Interval.optional(),
  delay: Duration.optional(),
  oddities: z.array(OddityName).optional(),
  ...Switches.partial().shape,
});

/** What the control API tells about a person. */
export type PersonAnswer = Omit<Person, 'corrections' | 'switches'> & { readonly corrections: number; readonly switches: Switches };

/** /people: who is there, who is new, and what changes about them. */
export function peopleRoutes(): Hono<SimulatorEnv> {
  const routes = new Hono<SimulatorEnv>();
  routes.get('/people', (c) => c.json([...c.var.world.state.people.values()].map(answer)));
  routes.get('/people/:id', (c) => c.json(answer(originNamed(c, c.req.param('id')).person)));

  routes.post('/people', async (c) => {
    const { world } = c.var;
    const added = addOrRefuse(world, await readBody(c, PeopleRequest));
    return c.json({ people: added.map(({ person }) => answer(person)), unreadable: added[0]?.unreadable ?? [] }, 201);
  });

  routes.patch('/people/:id', async (c) => {
    const { world } = c.var;
    const { interval, delay, oddities, ...switches } = await readBody(c, PersonChange);
    const { person } = originNamed(c, c.req.param('id'));
    if (interval !== undefined) setPace(world, person.id, paceOf(interval, person));
    if (delay !== undefined) setDelay(world, person.id, delay);
    if (oddities !== undefined) setOddities(world, person.id, oddities);
    if (Object.keys(switches).length > 0) setSwitches(world, person.id, given<Switches>(switches));
    return c.json(answer(originNamed(c, person.id).person));
  });
  return routes;
}

function addOrRefuse(world: World, wish: PeopleRequest): AddedPerson[] {
  try {
    return addPeople(world, wish);
  } catch (error) {
    if (error instanceof RecordingUnreadable) throw new ControlRefused(422, `replay: ${error.message}`);
    if (error instanceof PersonTaken) throw new ControlRefused(409, error.message);
    throw error;
  }
}

const answer = (person: Person): PersonAnswer => ({
  ...person,
  corrections: person.corrections.length,
  switches: latestSwitches(person),
});
