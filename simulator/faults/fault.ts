import { z } from 'zod';
import { ENDPOINTS } from '../ledger/call';
import { Zone } from '../people/zone';
import { ODD_BODIES } from './oddBody';

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be hh:mm');

const selection = {
  /** Which calls it may hit; all where left out. */
  endpoints: z.array(z.enum(ENDPOINTS)).min(1).optional(),
  personId: z.string().optional(),
  clientId: z.string().optional(),
  /** Calls to let pass first. */
  skip: z.int().min(0).default(0),
  /** Calls to hit; null for no end. */
  times: z.int().positive().nullable().default(1),
  /** Chance that a matching call is hit, drawn by the simulator's seed. */
  probability: z.number().min(0).max(1).default(1),
  /** Only at these hours of each day, by default those of Dexcom's nightly backups (F1); at any time where left out. */
  daily: z
    .strictObject({ from: TimeOfDay.default('02:45'), to: TimeOfDay.default('03:45'), zone: Zone.default('America/Los_Angeles') })
    .optional(),
};

/** `after`: once the call has had its effect, so that a token is rotated and its answer lost. */
const when = z.enum(['before', 'after']).default('before');

/** How much of the body is sent; there must be a body first. */
const share = z.number().min(0).max(0.999).default(0.5);
const onlyAfter = { when: z.literal('after').default('after') };

/** What can go wrong with a call (dexcom-api.md §8.10, §8.13, §8.35). */
export const FaultRequest = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    body: z.string().optional(),
    contentType: z.string().default('application/json'),
    retryAfterSeconds: z.int().min(0).optional(),
    when,
    ...selection,
  }),
  z.strictObject({ kind: z.literal('stall'), stallMs: z.int().positive(), when, ...selection }),
  z.strictObject({ kind: z.literal('reset'), when, ...selection }),
  z.strictObject({ kind: z.literal('empty'), when, ...selection }),
  z.strictObject({ kind: z.literal('html'), status: z.int().min(200).max(599).default(200), when, ...selection }),
  z.strictObject({
    kind: z.literal('oddBody'),
    status: z.int().min(400).max(599).default(400),
    /** Error bodies that are not RFC 6749's (§1.5, F3). */
    form: z.enum(ODD_BODIES).default('description'),
    when,
    ...selection,
  }),
  z.strictObject({ kind: z.literal('truncated'), share, ...onlyAfter, ...selection }),
  z.strictObject({ kind: z.literal('cut'), share, ...onlyAfter, ...selection }),
]);

export type FaultRequest = z.infer<typeof FaultRequest>;

/** A fault in place. */
export type Fault = FaultRequest & {
  readonly id: string;
  /** Counts all faults ever put in place; its chances are drawn by it. */
  readonly number: number;
  /** Calls that matched, hit or not. */
  readonly matched: number;
  readonly hits: number;
};
