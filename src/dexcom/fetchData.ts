import type { CallTurn } from './callGate';
import type { DexcomCaller } from './countedCalls';
import { DexcomError } from './errors';
import type { DexcomCall } from './http';
import { type JsonObject, objectIn } from './json';

export interface DataCall {
  readonly name: Exclude<DexcomCall['name'], 'token'>;
  readonly turn: CallTurn;
  readonly accessToken: string;
  readonly query: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

/** A data endpoint's envelope. Every one names whose data it holds; its `recordType` is not relied on (dexcom-api.md §2.2). */
export interface Envelope {
  readonly userId: string;
  readonly body: JsonObject;
}

/** @throws DexcomError of any kind but `invalid_grant` and `invalid_client`: only the token endpoint can say those */
export async function fetchData(http: DexcomCaller, { name, turn, accessToken, query, signal }: DataCall): Promise<Envelope> {
  const answer = await http.call({
    name,
    turn,
    method: 'GET',
    path: `/v3/users/self/${name}?${new URLSearchParams(query)}`.replace(/\?$/, ''),
    headers: { authorization: `Bearer ${accessToken}` },
    signal,
  });
  const { status, retryAfterMs, serverNow } = answer;
  const message = `Dexcom answered ${name} with ${status}`;
  if (status === 401) throw new DexcomError('token_expired', message, status);
  if (status === 429) throw new DexcomError('rate_limited', message, status, retryAfterMs);
  if (status >= 500) throw new DexcomError('unavailable', message, status, retryAfterMs);
  if (status < 200 || status > 299) throw new DexcomError('refused', message, status, retryAfterMs, serverNow);

  const body = objectIn(answer, name);
  const { userId } = body;
  // Data of nobody knows whom is nobody's.
  if (typeof userId !== 'string' || userId === '')
    throw new DexcomError('garbage', `Dexcom answered ${name} without saying whose data it is`, status);
  return { userId, body };
}
