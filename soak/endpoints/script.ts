import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { seededRandom } from '../../test/crash/seededRandom';
import type { Draw } from '../draw';

const Manner = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('status'), status: z.int(), retryAfterSeconds: z.int().nullable().default(null) }),
  /** Reads it and says nothing. */
  z.strictObject({ kind: z.literal('hangs') }),
  /** Takes it, and says so that much later. */
  z.strictObject({ kind: z.literal('late'), afterMs: z.tuple([z.int(), z.int()]) }),
  z.strictObject({ kind: z.literal('resetUnread') }),
  /** Takes it; the connection is gone before it could say so. */
  z.strictObject({ kind: z.literal('resetAfterReading') }),
  /** Says what it has to say and goes on without an end. */
  z.strictObject({ kind: z.literal('hangingBody'), status: z.int() }),
  /** Nobody listens on its port. */
  z.strictObject({ kind: z.literal('away') }),
]);

/** How an endpoint behaves that does not simply take what it is sent. */
export type Manner = z.infer<typeof Manner>;

/** The least and the most, as shares of a run. */
const Span = z.tuple([z.number().min(0), z.number()]);

const Script = z.strictObject({
  name: z.string(),
  count: z.int(),
  payload: z.enum(['full', 'thin']).default('full'),
  filterTypes: z.array(z.string()).nullable().default(null),
  phases: z
    .array(
      z.strictObject({
        from: Span.default([0, 0]),
        lasts: Span.default([2, 2]),
        /** Of all messages, the same ones at each try. */
        share: z.number().min(0).max(1).default(1),
        /** So many of a message's first tries; null: each. */
        tries: z.int().nullable().default(null),
        manner: Manner,
      }),
    )
    .default([]),
});

interface Phase {
  /** Since the endpoints were opened. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly share: number;
  readonly tries: number | null;
  readonly manner: Manner;
}

/** What one endpoint wants, and when it misbehaves how. */
export interface EndpointScript {
  readonly name: string;
  readonly payload: 'full' | 'thin';
  readonly filterTypes: readonly string[] | null;
  readonly phases: readonly Phase[];
}

/** The scripts of `scripts.json`, for as many endpoints as it says, their times drawn. @throws z.ZodError */
export function drawScripts(draw: Draw, lengthMs: number): EndpointScript[] {
  const scripts = z.array(Script).parse(JSON.parse(readFileSync(join(__dirname, 'scripts.json'), 'utf8')));
  const within = ([least, most]: readonly [number, number]): number => draw.between(least * lengthMs, most * lengthMs);

  return scripts.flatMap(({ name, count, payload, filterTypes, phases }) =>
    Array.from({ length: count }, () => ({
      name,
      payload,
      filterTypes,
      phases: phases.map(({ from, lasts, ...phase }) => {
        const fromMs = within(from);
        return { ...phase, fromMs, toMs: fromMs + within(lasts) };
      }),
    })),
  );
}

/** What becomes of one try; null: it is taken. @param earlierTries of the same message */
export function mannerOf(
  { name, phases }: EndpointScript,
  { sinceMs, messageId, earlierTries }: { readonly sinceMs: number; readonly messageId: string; readonly earlierTries: number },
): Manner | null {
  const lot = seededRandom(`${name}:${messageId}`)();
  const phase = phases.find(
    ({ fromMs, toMs, share, tries }) => sinceMs >= fromMs && sinceMs < toMs && lot < share && (tries === null || earlierTries < tries),
  );
  return phase?.manner ?? null;
}
