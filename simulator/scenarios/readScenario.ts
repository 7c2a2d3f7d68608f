import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FaultRequest } from '../faults/fault';
import { PeopleRequest } from '../people/addPeople';
import { resolveInstants } from '../relativeInstants';
import { SettingsChange } from '../world/settings';

/** Switches, people and faults that together are somebody's life, or a bad night of Dexcom's. Instants may be told from now: `now-2d`. */
const Scenario = z.strictObject({
  description: z.string().min(1),
  settings: SettingsChange.default({}),
  people: z.array(PeopleRequest).min(1),
  faults: z.array(FaultRequest).default([]),
});
export type Scenario = z.output<typeof Scenario>;

/** No such scenario, or its file is none; says so in words for people. */
export class ScenarioUnreadable extends Error {
  override readonly name = 'ScenarioUnreadable';
}

/** The names of all scenarios: those of the JSON files beside this one. */
export const scenarioNames = (): string[] =>
  readdirSync(__dirname)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .toSorted();

/** @param now what `now` in it means, Unix milliseconds of the simulated clock @throws ScenarioUnreadable */
export function readScenario(name: string, now: number): Scenario {
  const names = scenarioNames();
  if (!names.includes(name)) throw new ScenarioUnreadable(`There is no scenario ${JSON.stringify(name)}; there are ${names.join(', ')}`);
  const json: unknown = JSON.parse(readFileSync(join(__dirname, `${name}.json`), 'utf8'));
  const result = Scenario.safeParse(resolveInstants(json, now));
  if (!result.success) throw new ScenarioUnreadable(`Scenario ${name}: ${z.prettifyError(result.error)}`);
  return result.data;
}
