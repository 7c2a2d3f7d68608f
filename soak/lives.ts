import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { FaultRequest } from '../simulator/faults/fault';
import { given } from '../simulator/given';
import { PeopleRequest } from '../simulator/people/addPeople';
import { readScenario } from '../simulator/scenarios/readScenario';
import type { Settings } from '../simulator/world/settings';

/** How a scenario of weeks is lived in minutes: what stands here goes before what stands in the scenario. */
const Life = z.strictObject({
  why: z.string(),
  /** By person, as the control API takes them. */
  people: z.record(z.string(), z.record(z.string(), z.json())).default({}),
  /** Who consents again, and after which share of the run. */
  consentsAgain: z.record(z.string(), z.number().min(0).max(1)).default({}),
  /** The scenario's settings and faults are strikes, not there all the time. */
  strikesOnly: z.boolean().default(false),
});

/** A scenario as it is lived here. */
export interface LivedScenario {
  readonly people: readonly PeopleRequest[];
  readonly settings: Partial<Settings>;
  readonly faults: readonly FaultRequest[];
  readonly consentsAgain: Readonly<Record<string, number>>;
}

/**
 * A scenario of the simulator's, accelerated where a file of `soak/lives` says how, as it stands elsewhere.
 * @param now what `now` in it means @throws ScenarioUnreadable, z.ZodError
 */
export function livedScenario(name: string, now: number): LivedScenario {
  const scenario = readScenario(name, now);
  const file = join(__dirname, 'lives', `${name}.json`);
  const life = Life.parse(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { why: 'as it stands' });
  return {
    people: scenario.people.map((person) => PeopleRequest.parse({ ...person, ...life.people[person.id] })),
    settings: life.strikesOnly ? {} : given<Settings>(scenario.settings),
    faults: life.strikesOnly ? [] : scenario.faults,
    consentsAgain: life.consentsAgain,
  };
}
