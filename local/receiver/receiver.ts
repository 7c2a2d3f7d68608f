import { createServer, type IncomingMessage } from 'node:http';
import { Webhook } from 'svix';
import { z } from 'zod';
import { reasonOf } from '../errno';

/** Nobody's, in what is told of endpoints. */
const Somebody = z
  .string()
  .nullable()
  .transform((id) => id ?? '');

/** What every event has (vital-api.md §6.3); its `data` differs by type. */
const Envelope = z.object({ event_type: z.string(), user_id: Somebody, client_user_id: Somebody, data: z.looseObject({}) });
export type Envelope = z.infer<typeof Envelope>;

export interface ReceivedEvent extends Envelope {
  readonly messageId: string;
  /** Unix milliseconds. */
  readonly receivedAt: number;
}

export interface Receiver {
  readonly url: string;
  close(): Promise<void>;
}

const LONGEST_BODY_BYTES = 5_000_000;
const FOR_PEOPLE = 'Webhooks are sent here, by POST. What comes is shown where npm start runs.\n';

/**
 * An app's webhook endpoint as the documentation advises: verifies every signature with the public `svix` library, answers at once, takes a
 * repeated id as the same event. @param secret asked for each request, as it may change
 */
export async function listenForEvents(
  port: number,
  secret: () => string | null,
  { onEvent, onRefused }: { onEvent: (event: ReceivedEvent) => void; onRefused: (why: string) => void },
): Promise<Receiver> {
  const seen = new Set<string>();

  const server = createServer((request, response) => {
    if (request.method !== 'POST') return void response.writeHead(200, { 'content-type': 'text/plain' }).end(FOR_PEOPLE);
    answer(request).then(
      (status) => response.writeHead(status).end(),
      (error: unknown) => {
        onRefused(reasonOf(error));
        response.writeHead(400).end();
      },
    );
  });

  async function answer(request: IncomingMessage): Promise<number> {
    const body = await read(request);
    const key = secret();
    // Not registered yet: whoever asks now is asked to come again.
    if (key === null) return 503;
    const event = Envelope.parse(new Webhook(key).verify(body, headersOf(request)));
    const messageId = String(request.headers['webhook-id'] ?? request.headers['svix-id']);
    if (!seen.has(messageId)) onEvent({ ...event, messageId, receivedAt: Date.now() });
    seen.add(messageId);
    return 204;
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > LONGEST_BODY_BYTES) throw new Error('a body longer than any event');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
