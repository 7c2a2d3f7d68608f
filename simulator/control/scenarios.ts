import { Hono } from 'hono';
import { z } from 'zod';
import type { SimulatorEnv } from '../env';
import { PersonTaken } from '../people/addPeople';
import { applyScenario } from '../scenarios/applyScenario';
import { readScenario, ScenarioUnreadable, scenarioNames } from '../scenarios/readScenario';
import { ControlRefused, readBody } from './input';

export interface ScenarioAnswer {
  readonly name: string;
  readonly description: string;
  /** Unix milliseconds; null: not yet. */
  readonly appliedAt: number | null;
}

/** GET and POST /scenarios: which there are, and to let one begin. */
export function scenarioRoutes(): Hono<SimulatorEnv> {
  const routes = new Hono<SimulatorEnv>();
  routes.get('/scenarios', (c) => {
    const { world } = c.var;
    const now = world.now();
    const answer = (name: string): ScenarioAnswer => ({
      name,
      description: readScenario(name, now).description,
      appliedAt: world.state.scenarios.get(name) ?? null,
    });
    return c.json(scenarioNames().map(answer));
  });
  routes.post('/scenarios', async (c) => {
    const { name } = await readBody(c, z.strictObject({ name: z.string() }));
    try {
      const arrived = applyScenario(c.var.world, name);
      if (!arrived) throw new ControlRefused(409, `name: ${name} has begun before`);
      return c.json({ people: arrived.map(({ id }) => id) }, 201);
    } catch (error) {
      if (error instanceof ScenarioUnreadable) throw new ControlRefused(422, `name: ${error.message}`);
      if (error instanceof PersonTaken) throw new ControlRefused(409, error.message);
      throw error;
    }
  });
  return routes;
}
