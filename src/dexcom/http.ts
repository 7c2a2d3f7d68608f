import { Agent, type Dispatcher, request } from 'undici';
import { publicLookup, type Resolve } from '../egress/checkedLookup';
import type { CallTurn } from './callGate';
import { DexcomError } from './errors';
import { isDexcomsOwn } from './region';
import { retryAfterMs } from './retryAfter';

/** What is asked of Dexcom. `name` is all that an error tells of it. */
export interface DexcomCall {
  readonly name: 'token' | 'egvs' | 'events' | 'dataRange';
  readonly turn: CallTurn;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
  /** Once it may be sent, right before it is; what it throws, the call throws, and nothing is sent. */
  readonly beforeSending?: (() => Promise<void>) | undefined;
}

/** Any answer, whatever its status; `text` may be anything or nothing. */
export interface DexcomResponse {
  readonly status: number;
  readonly retryAfterMs: number | null;
  /** What its clock says (Date), Unix milliseconds. */
  readonly serverNow: number | null;
  readonly text: string;
}

const TIMEOUT_MS = 60_000;
/** Thirty days are 4 MB. */
const LARGEST_BODY = 64 * 1024 * 1024;

/** One region's server, its connections kept open between calls. Dexcom's own are on the public internet or nowhere; redirects are not followed. */
export class DexcomHttp {
  private readonly timeoutMs: number;
  private readonly agent: Agent;

  constructor(
    private readonly baseUrl: string,
    timeoutMs: number = TIMEOUT_MS,
    resolve?: Resolve,
  ) {
    this.timeoutMs = timeoutMs;
    // The deadline of the whole call governs; the agent's own would only fire in its place.
    const limits = { headersTimeout: 0, bodyTimeout: 0, maxResponseSize: LARGEST_BODY };
    this.agent = new Agent(isDexcomsOwn(baseUrl) ? { ...limits, connect: { lookup: publicLookup(resolve) } } : limits);
  }

  /** @throws DexcomError `unavailable` where no whole answer came, `garbage` for one too large; the signal's reason once it is aborted */
  async call({ name, method, path, headers, body, signal }: DexcomCall): Promise<DexcomResponse> {
    const deadline = AbortSignal.timeout(this.timeoutMs);
    const options = {
      dispatcher: this.agent,
      method,
      headers: { accept: 'application/json', ...headers },
      body: body ?? null,
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    };
    try {
      const { statusCode, headers: answered, body: stream } = await request(this.baseUrl + path, options);
      return { status: statusCode, retryAfterMs: retryAfter(answered), serverNow: dateIn(answered), text: await stream.text() };
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (deadline.aborted) throw new DexcomError('unavailable', `Dexcom did not answer ${name} within ${this.timeoutMs / 1000} s`);
      const code = codeOf(error);
      if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') throw new DexcomError('garbage', `Dexcom's answer to ${name} does not end`);
      // Only the code: an error of the network may carry whatever was on the line.
      throw new DexcomError('unavailable', `Dexcom could not be reached for ${name}: ${code}`);
    }
  }

  async close(): Promise<void> {
    await this.agent.close();
  }
}

function retryAfter({ 'retry-after': header }: Dispatcher.ResponseData['headers']): number | null {
  return typeof header === 'string' ? retryAfterMs(header, Date.now()) : null;
}

function dateIn({ date }: Dispatcher.ResponseData['headers']): number | null {
  const at = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
