import { z } from 'zod';
import { Duration, Instant } from '../instant';
import { Shift } from '../shift';
import { DeviceName } from './devices';
import { Zone } from './zone';

/** One outage in each `every`, of `most` at the longest and half of it at the shortest; when, the seed says. */
const Outages = z
  .strictObject({ every: Duration, most: Duration })
  .refine(({ every, most }) => most > 0 && most < every, 'most must be longer than nothing and shorter than every');
const Period = Duration.refine((ms) => ms > 0, 'must be longer than nothing');

/** The switches of one person, by behaviour of dexcom-api.md §8. Each rules over what is measured while it is set. */
export const Switches = z.strictObject({
  /** §8.24: from `at` on, the device's clock is another zone's. */
  travel: z
    .array(z.strictObject({ at: Instant, zone: Zone }))
    .refine((legs) => legs.every(({ at }, n) => at > (legs[n - 1]?.at ?? 0)), 'must be in the order of time'),
  /** §8.24: a receiver that was never told the local time shows UTC. */
  display: z.enum(['local', 'utc']),
  /** §8.24: a clock set wrong or reset; `system` moves systemTime, `display` the displayed time, each from the true one. */
  clockErrors: z.array(
    z
      .strictObject({ from: Instant, to: Instant, system: Shift.default(0), display: Shift.default(0) })
      .refine(({ from, to }) => from < to, 'to must be after from'),
  ),
  /** §8.25, U5 */
  delayFrom: z.enum(['measurement', 'upload']),
  /** §8.26: the sensor is out of reach and tells afterwards what it still holds. */
  signalLoss: Outages.nullable(),
  /** §8.26: the phone has no connection. */
  phoneOffline: Outages.nullable(),
  /** §8.26: a receiver uploaded by hand; its readings are visible at once then. Null: it is connected always. */
  uploadsEvery: Period.nullable(),
  /** §8.28, U10: a second device that reports the same readings, by itself or by hand. */
  twin: z.strictObject({ device: DeviceName, uploadsEvery: Period.nullable().default(null) }).nullable(),
  /** §8.29, U9: this share of the readings gets another value so long after it became visible. */
  revisions: z.strictObject({ share: z.number().min(0).max(1), after: Duration }).nullable(),
  /** §8.29, U8: some events are changed or deleted later, and the record keeps its recordId or a new one comes beside it. */
  eventEdits: z.enum(['none', 'sameId', 'newId']),
  /** §8.30: readings alone; events, calibrations and alerts too; or, as for Dexcom ONE, alerts only. */
  records: z.enum(['egvs', 'all', 'one']),
  /** §8.36: the body lives the same days again and again. */
  repeatsEveryDays: z.int().positive().nullable(),
  /** Whose account is opened when this person signs in and approves, once they have consented with their own so many times. */
  approvesAs: z.strictObject({ account: z.string(), afterConsents: z.int().min(0).default(0) }).nullable(),
  /** §8.11: consent is withdrawn so long after it was given. */
  withdrawsAfter: Period.nullable(),
});

export type Switches = z.output<typeof Switches>;

/** Nothing goes wrong, and the readings are all there is. */
export const DEFAULT_SWITCHES: Switches = {
  travel: [],
  display: 'local',
  clockErrors: [],
  delayFrom: 'measurement',
  signalLoss: null,
  phoneOffline: null,
  uploadsEvery: null,
  twin: null,
  revisions: null,
  eventEdits: 'none',
  records: 'egvs',
  repeatsEveryDays: null,
  approvesAs: null,
  withdrawsAfter: null,
};
