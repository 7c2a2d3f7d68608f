import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'svix';

/** One message as it arrived, its signature verified. */
export interface Arrival {
  /** `svix-id`: the message's, the same over all its attempts. */
  readonly id: string;
  readonly type: string;
  readonly body: ReceivedEvent;
  readonly at: number;
}

export interface ReceivedEvent {
  readonly event_type: string;
  readonly user_id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An app's webhook endpoint over real HTTP; it takes what verifies with the public `svix` library, and counts what does not. */
export class Receiver {
  readonly arrivals: Arrival[] = [];
  readonly refused: string[] = [];
  /** What it answers; anything but 2xx counts as not taken. */
  status = 200;
  private webhook: Webhook | null = null;

  private constructor(private readonly server: Server) {}

  static async listen(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on('request', (request, response) => {
      void receiver.take(request).then((status) => response.writeHead(status).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/webhook`;
  }

  expect(secret: string): void {
    this.webhook = new Webhook(secret);
  }

  /** Each message once, in the order of first arrival. */
  distinct(type?: string): Arrival[] {
    const seen = new Map(this.arrivals.toReversed().map((arrival) => [arrival.id, arrival]));
    return this.arrivals.filter((arrival) => seen.get(arrival.id) === arrival && (type === undefined || arrival.type === type));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage): Promise<number> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    if (this.status >= 300) return this.status;

    const header = (name: string): string => String(request.headers[name] ?? '');
    const headers = {
      'svix-id': header('svix-id'),
      'svix-timestamp': header('svix-timestamp'),
      'svix-signature': header('svix-signature'),
    };
    try {
      const body = this.webhook?.verify(text, headers) as ReceivedEvent;
      this.arrivals.push({ id: headers['svix-id'], type: body.event_type, body, at: Date.now() });
      return this.status;
    } catch (error) {
      this.refused.push(error instanceof Error ? error.message : String(error));
      return 401;
    }
  }
}
