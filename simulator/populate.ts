import { basename, extname } from 'node:path';
import type { Unreadable } from './clarity/parseClarity';
import { SECOND_MS } from './duration';
import type { Options } from './options';
import { addPerson, PersonRequest, readRecording } from './people/addPerson';
import { setDelay, setPace } from './people/change';
import type { Person } from './people/person';
import { seedNames } from './people/seedPeople';
import { applyScenario } from './scenarios/applyScenario';
import { REGIONS } from './world/regions';
import type { World } from './world/world';

export interface Populated {
  /** The person the command line describes: who replays, or else the first. */
  readonly person: string | null;
  readonly unreadable: readonly Unreadable[];
}

/** Brings the world to what the command line asks for. What is there already stays: people, grants, ledger. */
export function populate(world: World, options: Options): Populated {
  const { state } = world;
  if (state.seed === '') create(world, options);
  world.record({
    kind: 'appPut',
    app: { clientId: options.clientId, clientSecret: options.clientSecret, redirectUris: options.redirectUri },
  });
  if (options.grace !== undefined) world.record({ kind: 'settingsChanged', change: { graceSeconds: options.grace / SECOND_MS } });
  for (const person of state.people.values()) adjust(world, person, options);
  const replayed = options.replay === undefined ? null : replay(world, options, options.replay);
  for (const name of scenariosOf(options)) applyScenario(world, name);
  for (const id of seedNames(options.people ?? usualPeople(options))) if (!state.people.has(id)) addPerson(world, request(options, id));
  return { person: replayed?.person ?? [...state.people.keys()][0] ?? null, unreadable: replayed?.unreadable ?? [] };
}

const scenariosOf = ({ region, scenario }: Options): readonly string[] => (region === 'sandbox' ? ['sandbox', ...scenario] : scenario);
const usualPeople = ({ region }: Options): number => (region === 'sandbox' ? 0 : 3);

function create(world: World, { seed, clock, region }: Options): void {
  const realAt = Date.now();
  world.record({ kind: 'created', seed });
  world.record({ kind: 'clockSet', clock: { simulatedAt: clock ?? realAt, realAt, rate: 1 } });
  if (region !== undefined) world.record({ kind: 'settingsChanged', change: { region, codePrefix: REGIONS[region].codePrefix } });
}

/** An interval or a delay told on the command line holds from this start on, also for those who are here already. */
function adjust(world: World, { id, spans, delays }: Person, { interval, delay }: Options): void {
  const pace = spans.at(-1)?.pace;
  // Whose readings all lie in the past is not given a sensor.
  const reads = pace !== undefined && pace.kind !== 'none';
  if (interval !== undefined && reads && !(pace.kind === 'every' && pace.stepMs === interval)) {
    setPace(world, id, { kind: 'every', stepMs: interval });
  }
  if (delay !== undefined && delays.at(-1)?.delayMs !== delay) setDelay(world, id, delay);
}

/** The file's person: the one of an earlier start if they tell the same recording, else somebody new. */
function replay(world: World, options: Options, file: string): Populated {
  const { replayZone: zone, historyOnly, interval } = options;
  const { recording, unreadable } = readRecording({ file, zone });
  const name = basename(file, extname(file)).replace(/[^A-Za-z0-9._-]/g, '-') + (historyOnly ? '-history' : '');
  const known = world.state.people.get(name);
  const same = known?.source.kind === 'recording' && known.source.recordingId === recording.id;
  const id = !known || same ? name : `${name}-${recording.id.slice(0, 6)}`;

  const person = world.state.people.get(id);
  if (!person) addPerson(world, PersonRequest.parse({ ...request(options, id), replay: { file, zone, historyOnly } }));
  else if (interval === undefined && person.spans.at(-1)?.pace.kind === 'every') setPace(world, id, { kind: 'recorded' });
  return { person: id, unreadable };
}

const request = ({ historyDays, interval, delay }: Options, id: string): PersonRequest =>
  PersonRequest.parse({ id, historyDays, interval, delay });
