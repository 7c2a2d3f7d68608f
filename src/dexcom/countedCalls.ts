import type { CallGate } from './callGate';
import type { DexcomHttp } from './http';
import type { GrantIssuer } from './registration';

/** A region's server as one app may use it. */
export type DexcomCaller = Pick<DexcomHttp, 'call'>;

/** Each call waits for its admission, and a 429 is told to whoever counts: the wait of its answer is what they say. */
export const countedCalls = (http: DexcomCaller, { region, clientId }: GrantIssuer, gate: CallGate): DexcomCaller => ({
  async call(call) {
    const app = { region, clientId };
    await gate.admit(app, call.turn);
    call.signal?.throwIfAborted();
    const answer = await http.call(call);
    if (answer.status !== 429) return answer;
    return { ...answer, retryAfterMs: await gate.refused(app, call.turn, answer.retryAfterMs) };
  },
});
