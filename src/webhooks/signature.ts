import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
/** Standard Webhooks: 24 to 64 bytes. */
const SHORTEST_BYTES = 24;
const LONGEST_BYTES = 64;

/** One signed attempt. */
export interface SignedMessage {
  /** The message's, the same over all attempts: consumers tell repeats by it. No dots. */
  readonly id: string;
  /** Of this attempt, Unix milliseconds; verifiers refuse what is more than 5 minutes off. */
  readonly at: number;
  readonly body: string;
}

/**
 * The headers of one attempt by Standard Webhooks, HMAC-SHA256 over `id.timestamp.body` (vital-api.md §6.4), each under its standard
 * name and under Svix's: libraries of either kind verify them.
 * @param secrets of each a signature: who knows one of them can verify it
 */
export function signatureHeaders(secrets: readonly string[], { id, at, body }: SignedMessage): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at / 1000));
  const signed = `${id}.${timestamp}.${body}`;
  const signature = secrets.map((secret) => `v1,${createHmac('sha256', keyOf(secret)).update(signed).digest('base64')}`).join(' ');
  const parts = { id, timestamp, signature };
  return Object.fromEntries(
    Object.entries(parts).flatMap(([name, value]) => [
      [`webhook-${name}`, value],
      [`svix-${name}`, value],
    ]),
  );
}

/** `whsec_` and 32 random bytes in base64. */
export const newSecret = (): string => `${PREFIX}${randomBytes(32).toString('base64')}`;

/** Whether a secret that somebody brings along is one every verifier takes. */
export function isSecret(text: string): boolean {
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(text)) return false;
  const { length } = keyOf(text);
  return length >= SHORTEST_BYTES && length <= LONGEST_BYTES;
}

const keyOf = (secret: string): Buffer => Buffer.from(secret.slice(PREFIX.length), 'base64');
