import { createHmac, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import type { Keyring } from './keyring';

/** Positions in a list as text that callers can keep but neither read nor make. */
export interface Cursors<T> {
  seal(position: T): string;
  /** @returns null for anything not sealed here for the same list */
  open(text: string): T | null;
}

const MAC_BYTES = 16;

/**
 * @param list names what is paged through: a cursor of one list opens in no other
 * @param shape of a position, checked when it comes back: an older version may have sealed it
 */
export function createCursors<T>(keyring: Keyring, list: string, shape: z.ZodType<T>): Cursors<T> {
  const [newest, ...older] = keyring.deriveAll(`cursor/${list}`);

  return {
    seal(position) {
      const text = Buffer.from(JSON.stringify(position));
      return Buffer.concat([mac(newest, text), text]).toString('base64url');
    },

    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      // decoding skips what is no base64url and the last character's spare bits
      if (bytes.length <= MAC_BYTES || bytes.toString('base64url') !== sealed) return null;
      const [given, text] = [bytes.subarray(0, MAC_BYTES), bytes.subarray(MAC_BYTES)];
      if (![newest, ...older].some((key) => timingSafeEqual(mac(key, text), given))) return null;
      return shape.safeParse(JSON.parse(text.toString())).data ?? null;
    },
  };
}

const mac = (key: Uint8Array, text: Uint8Array): Buffer => createHmac('sha256', key).update(text).digest().subarray(0, MAC_BYTES);
