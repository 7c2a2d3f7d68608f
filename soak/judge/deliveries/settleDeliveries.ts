import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../../test/engine/engine';
import type { EndpointFleet } from '../../endpoints/endpointFleet';
import type { Sitting } from '../judge';
import { type FeedEvent, readOn } from './feedWalk';
import { type EndpointFacts, judgeEndpoint } from './judgeEndpoint';
import { enable, standings } from './standings';

/** One endpoint's end. */
export interface SettledEndpoint {
  readonly id: string;
  readonly disabled: { readonly at: number; readonly enabledAt: number; readonly reason: string | null } | null;
  /** As they stood when all had come to rest. */
  readonly facts: EndpointFacts;
}

/** Why something came again does not matter before all has come. */
const NOT_LOOKED_INTO: Pick<EndpointFacts, 'log' | 'givenUpAt'> = { log: new Map(), givenUpAt: [] };
const AGAIN_MS = 10_000;

/**
 * Waits until every endpoint that was not disabled holds all of its messages, without help; then enables the others, who catch up, and waits
 * for them; or until the time is up.
 */
export async function settledDeliveries(
  engine: Engine,
  { registered }: EndpointFleet,
  { judgedAt, withinMs, struck, say }: Sitting,
): Promise<SettledEndpoint[]> {
  const deadline = Date.now() + withinMs;
  const events: FeedEvent[] = [];
  const enabled = new Map<string, NonNullable<SettledEndpoint['disabled']>>();
  let cursor: string | null = null;

  for (;;) {
    const more: Awaited<ReturnType<typeof readOn>> = await readOn(engine, cursor);
    cursor = more.cursor;
    events.push(...more.events);
    const standing = await standings(engine);
    const disabledAtOf = (id: string): number | null => standing.get(id)?.disabledAt ?? null;
    const settled = registered.map(({ id, endpoint: { script, tried } }): SettledEndpoint => {
      const disabled = enabled.get(id) ?? null;
      return { id, disabled, facts: { script, judgedAt, events, tried, disabled, struck, ...NOT_LOOKED_INTO } };
    });
    const still = settled.filter(({ id }) => disabledAtOf(id) !== null);
    const awaited = settled
      .filter(({ id }) => disabledAtOf(id) === null)
      .map(({ facts }) => judgeEndpoint(facts).lost.length)
      .filter((lost) => lost > 0);
    const messages = awaited.reduce((sum, lost) => sum + lost, 0);
    say(`      ${awaited.length} endpoints await ${messages} messages, ${still.length} are disabled`);
    if (awaited.length === 0 && still.length === 0) return settled;
    if (Date.now() > deadline) return settled;

    if (awaited.length === 0) {
      for (const { id } of still) {
        const at = disabledAtOf(id) ?? 0;
        // Noted first: what comes while it is being enabled comes after it.
        enabled.set(id, { at, enabledAt: Date.now(), reason: standing.get(id)?.disabledReason ?? null });
        await enable(engine, id, at);
      }
    }
    await sleep(AGAIN_MS);
  }
}
