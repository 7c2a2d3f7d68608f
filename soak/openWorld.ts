import { startDatabase, startTemporal } from '../local/servers';
import { startEngine } from '../test/engine/engine';
import { Later } from './later';
import { livedScenario } from './lives';
import type { SoakPerson } from './person';
import type { Plan } from './plan';
import { Supervisor } from './supervisor';
import type { Servers, SoakWorld } from './world';

/** Long enough for a worker to be replaced: a rotation whose answer is lost is asked for again meanwhile, mostly. */
const GRACE = '60s';
/** Short, so that many strikes meet a refresh. */
const ACCESS_TOKEN_LIFE_SECONDS = 600;

export interface OpenWorld extends SoakWorld {
  /** Who consents again, and after which share of the run. */
  readonly consentsAgain: Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** Servers of a soak's own. */
export async function ownServers(): Promise<Servers> {
  const [temporal, database] = await Promise.all([startTemporal(), startDatabase()]);
  return { temporal, database };
}

/**
 * The whole engine with everybody of the plan connected, their histories under way.
 * @param servers null: the ones the environment names, which are not killed @param onFailure told what was put off and could not be done
 */
export async function openWorld(
  plan: Plan,
  servers: Servers | null,
  onFailure: (what: string, reason: unknown) => void,
): Promise<OpenWorld> {
  const { interval, delay, seed, plainPeople, mostHistoryDays } = plan;
  const engine = await startEngine({
    interval,
    workers: plan.workers,
    simulator: { interval, delay, seed, people: plainPeople, historyDays: mostHistoryDays, grace: GRACE },
    ...(servers && { servers: { temporalAddress: servers.temporal.address, mongodbUri: servers.database.uri } }),
  });
  const supervisor = new Supervisor([engine.server, ...engine.workers]);
  const people: SoakPerson[] = [];
  const { control } = engine.simulator;
  await control.settings({ accessTokenLifeSeconds: ACCESS_TOKEN_LIFE_SECONDS });

  const scenarioOf = new Map<string, string>();
  const lives = plan.scenarios.map((name) => ({ name, ...livedScenario(name, Date.now()) }));
  for (const { name, people, settings, faults } of lives) {
    for (const { count, historyDays, ...wish } of people) {
      const lived = { interval, delay, ...wish, historyDays: Math.min(historyDays, mostHistoryDays) };
      const added = await control.addPerson({ ...lived, ...(count !== undefined && { count }) });
      for (const { id } of added.people) scenarioOf.set(id, name);
    }
    await control.settings(settings);
    for (const fault of faults) await control.addFault(fault);
  }

  const closes: (() => Promise<void>)[] = [];
  for (const open of plan.endpoints) closes.push(await open(engine));
  for (const { id: person } of await control.people()) {
    const before = Date.now();
    const userId = await engine.connect(person);
    people.push({
      person,
      userId,
      scenario: scenarioOf.get(person) ?? null,
      consents: [{ account: person, between: [before, Date.now()] }],
    });
  }

  const later = new Later(onFailure);
  return {
    engine,
    servers,
    people,
    supervisor,
    later,
    consentsAgain: Object.assign({}, ...lives.map(({ consentsAgain }) => consentsAgain)),
    async close() {
      supervisor.stop();
      await Promise.all(closes.map((close) => close()));
      await engine.stop();
      await Promise.all([servers?.temporal.discard(), servers?.database.discard()]);
    },
  };
}
