import type { HttpBindings } from '@hono/node-server';

/** A page of the longest kind, with a little more around it than it needs. */
const BUFFER_BYTES = 3_600_000;
/** What is shorter takes memory of its own: a client that is slow to read holds no more than a few times what it asked for. */
const LARGE_BYTES = 1_000_000;
const MOST_FREE = 8;

/**
 * Memory that long answers are written into, used again: the system clears new megabytes before it gives them, which takes longer than
 * writing them. A buffer is free again when the last byte of its answer has been handed to the system; no two answers ever share one.
 */
export class PageBuffers {
  private readonly free: Uint8Array<ArrayBuffer>[] = [];

  /**
   * @param bytes there will be at least so many
   * @param answer whose body they are
   */
  take(bytes: number, answer: HttpBindings['outgoing']): Uint8Array<ArrayBuffer> {
    if (bytes < LARGE_BYTES || bytes > BUFFER_BYTES) return new Uint8Array(bytes);
    const buffer = this.free.pop() ?? new Uint8Array(BUFFER_BYTES);
    answer.once('finish', () => {
      if (this.free.length < MOST_FREE) this.free.push(buffer);
    });
    return buffer;
  }
}
