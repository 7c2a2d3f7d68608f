import { z } from 'zod';
import { REGION_NAMES } from './regions';

/** The simulator-wide switches. What the contract leaves open is one of these, never a fact (dexcom-api.md §10). */
export const Settings = z.strictObject({
  /** A refresh token used again within this time gets the same successor once more (U7). Simulated seconds. */
  graceSeconds: z.number().min(0),
  /** A refresh token used again after its grace ends the whole grant (§1.4, Keycloak's reuse detection). */
  reuseRevokesGrant: z.boolean(),
  codeLifeSeconds: z.number().positive(),
  accessTokenLifeSeconds: z.number().positive(),
  /** From consent; rotation does not renew it (U7). */
  grantLifeDays: z.number().positive(),
  /** U14 */
  invalidClientStatus: z.union([z.literal(400), z.literal(401)]),
  /** Most people per app with a live grant, 5 under Limited Access; null for no limit (§1.6). */
  peoplePerApp: z.int().positive().nullable(),
  /** U2 */
  order: z.enum(['newestFirst', 'oldestFirst', 'shuffled']),
  /** U1 */
  windowEnd: z.enum(['exclusive', 'inclusive']),
  /** U13: whether `startDate` and `endDate` may carry a `Z`. */
  windowZ: z.enum(['refused', 'accepted']),
  /** U3 */
  errorBody: z.enum(['json', 'text']),
  /** What is asked of a window whose end the server's clock has not reached (§8.35, F6). */
  windowEndAhead: z.enum(['accepted', 'refused']),
  /** How far the server's clock is ahead of the right one, at most two minutes either way (§8.35). Simulated seconds. */
  clockSkewSeconds: z.number().min(-120).max(120),
  /** U12 */
  recordType: z.enum(['singular', 'plural']),
  /** U6: what "new data after" of dataRange goes by. */
  lastSyncTime: z.enum(['visible', 'systemTime']),
  /** Calls per app and hour before 429, 60,000 at Dexcom; null for no limit (§3.1). */
  callsPerHour: z.int().positive().nullable(),
  /** U4 */
  callsWindow: z.enum(['rolling', 'clock']),
  /** U4 */
  retryAfter: z.boolean(),
  /** First part of every code, as the region prefix seen in the sandbox (§1.2). */
  codePrefix: z.string(),
  /** Each person's code is always the same, as in the sandbox (§4, §8.4); still good once, for its minute, after each approval. */
  staticCodes: z.boolean(),
  /** Whose Dexcom this is: its delay, zones and user ids (§1.1, §8.2). Null: nobody's, without a delay. */
  region: z.enum(REGION_NAMES).nullable(),
});

export type Settings = z.infer<typeof Settings>;

/** Some of the switches, to be changed. */
export const SettingsChange = Settings.partial();

export const DEFAULT_SETTINGS: Settings = {
  graceSeconds: 0,
  reuseRevokesGrant: false,
  codeLifeSeconds: 60,
  accessTokenLifeSeconds: 7_200,
  grantLifeDays: 365,
  invalidClientStatus: 400,
  peoplePerApp: null,
  order: 'newestFirst',
  windowEnd: 'exclusive',
  windowZ: 'refused',
  windowEndAhead: 'accepted',
  clockSkewSeconds: 0,
  errorBody: 'json',
  recordType: 'singular',
  lastSyncTime: 'visible',
  callsPerHour: null,
  callsWindow: 'rolling',
  retryAfter: false,
  codePrefix: 'US',
  staticCodes: false,
  region: null,
};
