import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { type EndpointScript, type Manner, mannerOf } from './script';
import type { Tried } from './tried';

interface Read {
  readonly verified: boolean;
  readonly type: string | null;
}

const LOOK_MS = 500;

/** An app's endpoint on a port of its own that takes what verifies, or does what its script says instead. */
export class ScriptedEndpoint {
  /** All it was sent, in the order of their ends. */
  readonly tried: Tried[] = [];
  private readonly tries = new Map<string, number>();
  private readonly timer: NodeJS.Timeout;
  private webhook: Webhook | null = null;
  private isHealed = false;

  /** @param onTried is told of each request once it is over */
  private constructor(
    readonly script: EndpointScript,
    private readonly server: Server,
    private readonly port: number,
    private readonly openedAt: number,
    private readonly onTried: (tried: Tried) => void,
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.answer(request, response));
    // A port that somebody else has meanwhile is asked for again.
    server.on('error', () => undefined);
    this.timer = setInterval(() => this.comeAndGo(), LOOK_MS);
  }

  static async listen(script: EndpointScript, openedAt: number, onTried: (tried: Tried) => void): Promise<ScriptedEndpoint> {
    const server = createServer({ keepAliveTimeout: 30_000 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ScriptedEndpoint(script, server, (server.address() as AddressInfo).port, openedAt, onTried);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/webhook`;
  }

  expect(secret: string): void {
    this.webhook = new Webhook(secret);
  }

  /** From now on it takes everything. */
  heal(): void {
    this.isHealed = true;
    this.comeAndGo();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }

  private comeAndGo(): void {
    const isAway = this.mannerOf('', 0)?.kind === 'away';
    if (isAway && this.server.listening) {
      this.server.close();
      this.server.closeAllConnections();
    }
    if (!isAway && !this.server.listening) this.server.listen(this.port, '127.0.0.1');
  }

  private mannerOf(messageId: string, earlierTries: number): Manner | null {
    return this.isHealed ? null : mannerOf(this.script, { sinceMs: Date.now() - this.openedAt, messageId, earlierTries });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = Date.now();
    const messageId = String(request.headers['webhook-id'] ?? '');
    const earlierTries = this.tries.get(messageId) ?? 0;
    this.tries.set(messageId, earlierTries + 1);
    const manner = this.mannerOf(messageId, earlierTries);
    let read: Read | null = null;
    let cutByUs = false;
    response.on('error', () => undefined);
    response.once('close', () => {
      this.note({
        messageId,
        at,
        ...{ type: read?.type ?? null, verified: read?.verified ?? null },
        manner: manner?.kind ?? 'takes',
        took: read?.verified === true && takes(manner),
        status: response.headersSent ? response.statusCode : null,
        lastedMs: Date.now() - at,
        hungUpon: !response.writableFinished && !cutByUs,
      });
    });
    if (manner?.kind !== 'resetUnread') read = await this.read(request);
    if (read && !read.verified) return void response.writeHead(401).end();
    if (manner?.kind !== 'resetUnread' && manner?.kind !== 'resetAfterReading') return say(manner, response);
    cutByUs = true;
    request.socket.resetAndDestroy();
  }

  /** @returns null if it was cut off */
  private async read(request: IncomingMessage): Promise<Read | null> {
    const body = await text(request).catch(() => null);
    if (body === null || !this.webhook) return null;
    try {
      const event = this.webhook.verify(body, headersOf(request)) as { readonly event_type: string };
      return { verified: true, type: event.event_type };
    } catch {
      return { verified: false, type: null };
    }
  }

  private note(tried: Tried): void {
    this.tried.push(tried);
    this.onTried(tried);
  }
}

function takes(manner: Manner | null): boolean {
  if (manner === null || manner.kind === 'late' || manner.kind === 'resetAfterReading') return true;
  return manner.kind === 'hangingBody' && manner.status < 300;
}

function say(manner: Manner | null, response: ServerResponse): void {
  if (manner === null) return void response.writeHead(200).end();
  switch (manner.kind) {
    case 'status': {
      const { status, retryAfterSeconds } = manner;
      return void response.writeHead(status, retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) }).end('no');
    }
    case 'late': {
      const [least, most] = manner.afterMs;
      return void setTimeout(() => response.writeHead(200).end(), least + Math.random() * (most - least));
    }
    case 'hangingBody':
      return void response.writeHead(manner.status).write('and ');
    default:
      return;
  }
}

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
