import { bodyOf } from '../physiology/body';
import { draw } from '../physiology/draw';
import { DEVICES, type DeviceName } from './devices';

const NAMES = [
  'ada',
  'ben',
  'chloe',
  'dmitri',
  'elif',
  'farid',
  'grace',
  'hana',
  'ivan',
  'june',
  'kofi',
  'lena',
  'mina',
  'noor',
  'otto',
  'priya',
];
const ZONES = ['Europe/Berlin', 'America/New_York', 'Europe/London', 'America/Los_Angeles', 'Australia/Adelaide', 'Asia/Tokyo'] as const;
const COMMON_DEVICES = ['g7-ios', 'g7-android', 'g6-ios'] as const satisfies DeviceName[];

/** The first `count` people of a simulator: `ada`, `ben` … `priya`, `ada-2` … */
export const seedNames = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => {
    const round = Math.floor(n / NAMES.length) + 1;
    const name = NAMES[n % NAMES.length] ?? 'person';
    return round === 1 ? name : `${name}-${round}`;
  });

/** Where a person lives and what they wear, drawn by seed and id. @param zones to choose from */
export function seedTraits(seed: string, id: string, zones: readonly string[] = ZONES) {
  const { seed: number } = bodyOf(seed, id);
  const pick = <T>(from: readonly T[], n: number): T | undefined => from[Math.floor(draw(number, n, 0x7a) * from.length)];
  return { zone: pick(zones, 1) ?? 'UTC', device: DEVICES[pick(COMMON_DEVICES, 2) ?? 'g7-ios'] };
}
