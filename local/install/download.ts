import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EnvHttpProxyAgent, fetch } from 'undici';
import { reasonOfFetch } from '../errno';
import { obstacles } from '../problems';

/** A machine without internet must not wait long for the next way. */
const CONNECT_MS = 5_000;
const STALL_MS = 30_000;

/**
 * Fetches a file, through HTTPS_PROXY where that is set. `at` is told the share of bytes done and a text with both counts.
 * @returns its SHA-256 in hex. @throws Obstacle
 */
export async function download(
  { url, to, signal }: { url: string; to: string; signal: AbortSignal },
  at: (fraction: number, doing: string) => void,
): Promise<string> {
  const response = await open(url, signal);
  if (!response.ok || !response.body) throw obstacles.downloadRefused(url, response.status);

  const total = Number(response.headers.get('content-length') ?? 0);
  const hash = createHash('sha256');
  let done = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      hash.update(chunk);
      done += chunk.length;
      at(total > 0 ? done / total : 0, `downloading ${megabytes(done)} of ${total > 0 ? megabytes(total) : '?'} MB`);
      next(null, chunk);
    },
  });
  try {
    await pipeline(response.body, count, createWriteStream(to), { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw obstacles.noNetwork(new URL(url).host, reasonOfFetch(error));
  }
  if (total > 0 && done !== total) throw obstacles.downloadCorrupt(`the whole of ${url}`);
  return hash.digest('hex');
}

/** @throws Obstacle */
export async function downloadText(url: string, signal: AbortSignal): Promise<string> {
  const response = await open(url, signal);
  if (!response.ok) throw obstacles.downloadRefused(url, response.status);
  return response.text();
}

async function open(url: string, signal: AbortSignal) {
  const dispatcher = new EnvHttpProxyAgent({ connect: { timeout: CONNECT_MS }, headersTimeout: STALL_MS, bodyTimeout: STALL_MS });
  try {
    return await fetch(url, { dispatcher, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw obstacles.noNetwork(new URL(url).host, reasonOfFetch(error));
  }
}

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(0);
