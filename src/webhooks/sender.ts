import { type Dispatcher, request } from 'undici';
import { EgressRefused } from '../egress/egressRefused';
import type { Keyring } from '../security/keyring';
import type { MessageDoc } from '../storage/messages';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import type { Egress } from './egress/egress';
import { excerptOf } from './excerpt';
import { EndpointSealed, openEndpoint } from './openEndpoint';
import { retryAfterMs } from './retryAfter';
import { signatureHeaders } from './signature';
import { thinBody } from './thinBody';
import { verdictOf } from './verdict';

/** What one attempt brought. `tookMs` runs until the answer's head: that is when the endpoint had decided. */
export type PostOutcome = PostAcceptance | PostFailure;

interface PostAcceptance {
  readonly kind: 'accepted';
  readonly at: number;
  readonly status: number;
  readonly error: null;
  readonly tookMs: number;
}

export interface PostFailure {
  readonly kind: 'failed';
  readonly at: number;
  /** Null if no answer came. */
  readonly status: number | null;
  /** A word or a code; never anything the other side has said. */
  readonly error: string;
  readonly retryAfterMs: number | null;
  readonly tookMs: number;
  /** What it has said, as far as that may be kept; null if nothing. */
  readonly excerpt: string | null;
}

export interface Sender {
  /** One attempt, whatever comes of it: a secret that cannot be opened, too, is a failed one of this endpoint and nobody else's. */
  post(
    endpoint: WebhookEndpointDoc,
    message: MessageDoc,
    limits: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<PostOutcome>;
}

/** vital-api.md §6.5 */
export const POST_TIMEOUT_MS = 15_000;
/** More of an answer nobody needs to see: enough to keep the connection, not enough to be kept busy with. */
const BODY_BYTES = 4_096;
const BODY_MS = 1_000;

/** What sending needs. */
interface SenderParts {
  readonly keyring: Keyring;
  readonly egress: Egress;
  /** Where apps reach the API, without a trailing slash. */
  readonly publicUrl: string;
}

export function createSender({ keyring, egress, publicUrl }: SenderParts): Sender {
  return {
    async post(endpoint, message, { timeoutMs, signal }) {
      const at = Date.now();
      const began = performance.now();
      const took = () => Math.round(performance.now() - began);
      const limit = deadline(timeoutMs, signal);

      try {
        const { secrets, headers } = openEndpoint(keyring, endpoint, at);
        const body = endpoint.payload === 'thin' ? thinBody(message, publicUrl) : message.body;
        const signed = signatureHeaders(secrets, { id: message._id, at, body });
        const { url, dispatcher } = egress.route(endpoint.url);
        const asked = request(url, {
          method: 'POST',
          dispatcher,
          signal: limit.signal,
          headersTimeout: timeoutMs,
          headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'continuo', ...signed },
          body,
        });
        const answer = await unlessAborted(asked, limit.signal);
        const { statusCode: status } = answer;
        const tookMs = took();
        if (verdictOf(status) === 'accepted') {
          await discard(answer.body);
          return { kind: 'accepted', at, status, error: null, tookMs };
        }
        const waitMs = retryAfterMs(answer.headers['retry-after'], Date.now());
        const said = excerptOf(await beginningOf(answer), message.body, Object.values(headers));
        return { kind: 'failed', at, status, error: `HTTP ${status}`, retryAfterMs: waitMs, tookMs, excerpt: said };
      } catch (error) {
        return { kind: 'failed', at, status: null, error: reason(error), retryAfterMs: null, tookMs: took(), excerpt: null };
      } finally {
        limit.clear();
      }
    },
  };
}

/** The status has decided; a body that is long, slow or cut off changes nothing about it. */
const discard = (body: { dump(options: { limit: number; signal: AbortSignal }): Promise<void> }): Promise<void> =>
  body.dump({ limit: BODY_BYTES, signal: AbortSignal.timeout(BODY_MS) }).catch(() => undefined);

/** What can be had of a body in a moment; a compressed one is not looked into. */
async function beginningOf({ body, headers }: Dispatcher.ResponseData): Promise<string> {
  if (headers['content-encoding'] !== undefined) {
    await discard(body);
    return '';
  }
  const pieces: Buffer[] = [];
  let bytes = 0;
  const timer = setTimeout(() => body.destroy(), BODY_MS);
  try {
    for await (const piece of body) {
      pieces.push(Buffer.from(piece));
      bytes += piece.length;
      if (bytes >= BODY_BYTES) break;
    }
  } catch {
    // Cut off or too slow: what has come is what there is.
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(pieces).subarray(0, BODY_BYTES).toString();
}

function deadline(timeoutMs: number, outer: AbortSignal | undefined): { readonly signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, timeoutMs);
  outer?.addEventListener('abort', abort, { once: true });
  if (outer?.aborted) abort();
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
    },
  };
}

/** A request listens to its signal from when it is connected; a handshake that never goes on would have it wait. */
const unlessAborted = <Result>(asked: Promise<Result>, signal: AbortSignal): Promise<Result> =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
    asked.then(resolve, reject);
  });

/** Codes only: messages of the network's errors may hold the URL, and with it whatever secret somebody has put there. */
function reason(error: unknown): string {
  if (error instanceof EndpointSealed) return error.message;
  if (error instanceof EgressRefused) return `URL ${error.message}`;
  const name = textOf(error, 'name');
  if (name === 'AbortError' || name === 'HeadersTimeoutError') return 'no answer in time';
  return textOf(error, 'code') ?? name ?? 'unknown error';
}

function textOf(error: unknown, field: 'name' | 'code'): string | null {
  const value = typeof error === 'object' && error !== null ? Reflect.get(error, field) : null;
  return typeof value === 'string' ? value : null;
}
