import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type ParsedClarity, parseClarity, type Unreadable } from '../clarity/parseClarity';
import type { Recording } from '../clarity/recording';
import { given } from '../given';
import { Duration } from '../instant';
import { OddityName } from '../oddities/oddities';
import { bodyOf } from '../physiology/body';
import { REGIONS } from '../world/regions';
import type { World } from '../world/world';
import { DEVICES, DeviceName } from './devices';
import { type NewPerson, recordedPerson, replayingPerson, simulatedPerson } from './newPerson';
import type { Person } from './person';
import { seedTraits } from './seedPeople';
import { Switches } from './switches';
import { Zone } from './zone';

/** Somebody to add; what is left out is drawn by the seed or usual. */
export const PersonRequest = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores'),
  historyDays: z
    .number()
    .min(0)
    .max(20 * 366)
    .default(90),
  /** Left out: five minutes, or a recording's own pace. */
  interval: Duration.refine((ms) => ms >= 1_000, 'must be at least 1s').optional(),
  /** Left out: the region's, or none. */
  delay: Duration.optional(),
  zone: Zone.optional(),
  device: DeviceName.optional(),
  oddities: z.array(OddityName).default([]),
  replay: z
    .strictObject({
      /** A Clarity export: its text, or a path on the simulator's machine. */
      csv: z.string().optional(),
      file: z.string().optional(),
      zone: Zone.default('UTC'),
      historyOnly: z.boolean().default(false),
    })
    .refine(({ csv, file }) => (csv === undefined) !== (file === undefined), 'give csv or file, one of them')
    .optional(),
  ...Switches.partial().shape,
});

export type PersonRequest = z.infer<typeof PersonRequest>;

/** Where a recording is, and whose clock it was written by. */
export interface Recorded {
  readonly csv?: string | undefined;
  readonly file?: string | undefined;
  readonly zone: string;
}

export interface AddedPerson {
  readonly person: Person;
  readonly unreadable: readonly Unreadable[];
}

/** The recording asked for is not there or is none; says so in words for people. */
export class RecordingUnreadable extends Error {
  override readonly name = 'RecordingUnreadable';
}

/** @throws RecordingUnreadable */
export function addPerson(world: World, request: PersonRequest): AddedPerson {
  const { id, historyDays, interval, delay, zone, device, oddities, replay, ...switches } = request;
  const region = world.state.settings.region && REGIONS[world.state.settings.region];
  const traits = seedTraits(world.state.seed, id, region?.zones);
  const wish: NewPerson = {
    id,
    seed: bodyOf(world.state.seed, id).seed,
    now: world.now(),
    historyDays,
    intervalMs: interval ?? null,
    delayMs: delay ?? region?.delayMs ?? 0,
    zone: zone ?? replay?.zone ?? traits.zone,
    device: device === undefined ? traits.device : DEVICES[device],
    oddities,
    switches: given<Switches>(switches),
  };
  if (!replay) return keep(world, simulatedPerson(wish), []);

  const { recording, unreadable } = readRecording(replay);
  keepRecording(world, recording);
  return keep(world, replay.historyOnly ? recordedPerson(wish, recording) : replayingPerson(wish, recording), unreadable);
}

/** @throws RecordingUnreadable */
export function readRecording({ csv, file = '', zone }: Recorded): ParsedClarity {
  try {
    return parseClarity(csv ?? readFileSync(file, 'utf8'), zone);
  } catch (error) {
    throw new RecordingUnreadable(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function keepRecording(world: World, recording: Recording): void {
  if (!world.state.recordings.has(recording.id)) world.record({ kind: 'recordingAdded', recording });
}

function keep(world: World, person: Person, unreadable: readonly Unreadable[]): AddedPerson {
  world.record({ kind: 'personPut', person });
  return { person, unreadable };
}
