import { hash } from 'node:crypto';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../duration';
import { between, draw } from '../physiology/draw';
import type { Person } from './person';

/** The sensor session an instant falls into. */
export interface Sensor {
  readonly transmitterId: string;
  readonly transmitterStartedAt: number;
  /** No reading before this one: the sensor warms up. */
  readonly warmUntil: number;
}

/** A G7 is new every ten days, transmitter and all; a G6 transmitter lives through nine sensors (dexcom-api.md §3.7, §8.22). */
const LIVES = {
  g7: { sensorMs: 10 * DAY_MS, warmUpMs: 30 * MINUTE_MS, sensorsPerTransmitter: 1 },
  g715day: { sensorMs: 15 * DAY_MS, warmUpMs: 30 * MINUTE_MS, sensorsPerTransmitter: 1 },
  g6: { sensorMs: 10 * DAY_MS, warmUpMs: 120 * MINUTE_MS, sensorsPerTransmitter: 9 },
} as const;

/** @param seed the person's number (`Body.seed`) */
export function sensorAt(person: Person, seed: number, at: number): Sensor {
  const { sensorMs, warmUpMs, sensorsPerTransmitter } = lifeOf(person);
  // Whoever begins to watch a person sees readings for a day at least before the next change.
  const wornFor = between(0.1, 0.85, draw(seed, 7, 0x5e)) * sensorMs;
  // By the hour, so that two simulators started at one simulated time agree whatever their machines took to start.
  const firstStart = Math.floor(person.createdAt / HOUR_MS) * HOUR_MS - Math.floor(wornFor / 1_000) * 1_000;
  const session = Math.floor((at - firstStart) / sensorMs);
  const transmitter = Math.floor(session / sensorsPerTransmitter);
  return {
    transmitterId: transmitterId(person.id, seed, transmitter),
    transmitterStartedAt: firstStart + transmitter * sensorsPerTransmitter * sensorMs,
    warmUntil: firstStart + session * sensorMs + warmUpMs,
  };
}

const ids = new Map<string, Map<number, string>>();

function transmitterId(personId: string, seed: number, transmitter: number): string {
  const owned = ids.get(personId) ?? new Map<number, string>();
  ids.set(personId, owned);
  const id = owned.get(transmitter) ?? hash('sha256', `transmitter ${personId} ${seed} ${transmitter}`, 'hex');
  owned.set(transmitter, id);
  return id;
}

function lifeOf({ device: { generation, variant } }: Person): (typeof LIVES)[keyof typeof LIVES] {
  if (variant === 'g715day' || generation === 'g715day') return LIVES.g715day;
  return generation.startsWith('g6') ? LIVES.g6 : LIVES.g7;
}
