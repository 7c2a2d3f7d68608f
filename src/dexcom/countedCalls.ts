import { setTimeout as delay } from 'node:timers/promises';
import type { CallGate } from './callGate';
import { DexcomError } from './errors';
import type { DexcomCall, DexcomHttp } from './http';
import type { GrantIssuer } from './registration';

/** A region's server as one app may use it. */
export type DexcomCaller = Pick<DexcomHttp, 'call'>;

/** Whoever has just signed in stays on the page for so long; a code is good for a minute (dexcom-api.md §1.2). */
const SIGN_IN_WAITS_MS = 15_000;

/** Each call waits for its admission, and a 429 is told to whoever counts: the wait of its answer is what they say. */
export const countedCalls = (http: DexcomCaller, { region, clientId }: GrantIssuer, gate: CallGate): DexcomCaller => ({
  async call(call) {
    const app = { region, clientId };
    await admitted(gate, app, call);
    call.signal?.throwIfAborted();
    await call.beforeSending?.();
    const answer = await http.call(call);
    if (answer.status !== 429) return answer;
    // That it could not be told takes nothing from the answer: it says that nothing was done. Whoever is refused next tells it.
    const retryAfterMs = await gate.refused(app, call.turn, answer.retryAfterMs).catch(() => answer.retryAfterMs);
    return { ...answer, retryAfterMs };
  },
});

/** Everybody else comes again by himself; a sign-in that is refused is lost. */
async function admitted(gate: CallGate, app: GrantIssuer, { turn, signal }: Pick<DexcomCall, 'turn' | 'signal'>): Promise<void> {
  for (let leftMs = turn.kind === 'signIn' ? SIGN_IN_WAITS_MS : 0; ; ) {
    try {
      return await gate.admit(app, turn);
    } catch (error) {
      const waitMs = error instanceof DexcomError && error.kind === 'budget_spent' ? error.retryAfterMs : null;
      if (waitMs === null || waitMs > leftMs) throw error;
      leftMs -= Math.max(1, waitMs);
      await delay(waitMs, undefined, signal && { signal });
    }
  }
}
