import { HOUR_MS } from '../duration';

/** Dexcom's regions are separate worlds with separate accounts (dexcom-api.md §1.1); the sandbox is one more. */
export const REGION_NAMES = ['us', 'ous', 'jp', 'sandbox'] as const;
export type RegionName = (typeof REGION_NAMES)[number];

interface Region {
  /** From measured to visible (dexcom-api.md §3.2). */
  readonly delayMs: number;
  /** First part of its codes; of US and sandbox seen, of the others supposed (dexcom-api.md §1.2). */
  readonly codePrefix: string;
  /** Where its people live. */
  readonly zones: readonly string[];
}

const AMERICA = ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles'];

export const REGIONS: Readonly<Record<RegionName, Region>> = {
  us: { delayMs: HOUR_MS, codePrefix: 'US', zones: AMERICA },
  ous: { delayMs: 3 * HOUR_MS, codePrefix: 'OUS', zones: ['Europe/Berlin', 'Europe/London', 'Australia/Adelaide'] },
  jp: { delayMs: 3 * HOUR_MS, codePrefix: 'JP', zones: ['Asia/Tokyo'] },
  sandbox: { delayMs: 0, codePrefix: 'US', zones: AMERICA },
};
