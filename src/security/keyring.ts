import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** AES-256-GCM, each part base64; `kid` names the key. The additional data binds it to `collection|id|field`. */
export interface Sealed {
  readonly v: 1;
  readonly kid: string;
  readonly iv: string;
  readonly ct: string;
  readonly tag: string;
}

/** Where a secret stands; a ciphertext moved anywhere else does not open. */
export interface SealedPlace {
  readonly collection: string;
  readonly id: string;
  readonly field: string;
}

export interface Keyring {
  /** With the newest key. */
  seal(plain: string, place: SealedPlace): Sealed;
  /** @throws if the key is unknown, or anything about the text or its place was changed */
  open(sealed: Sealed, place: SealedPlace): string;
  /** 32 bytes for another purpose (link tokens, cursors), derived from the newest key. */
  derive(purpose: string): Uint8Array;
  /** The same from every key, newest first: what was signed before a rotation is still known. */
  deriveAll(purpose: string): readonly [Uint8Array, ...Uint8Array[]];
}

export interface EncryptionKey {
  readonly kid: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

/** @param keys newest first: the first one seals, all of them open. */
export function createKeyring(keys: readonly EncryptionKey[]): Keyring {
  const [newest, ...older] = keys;
  if (!newest) throw new Error('a keyring needs at least one key');
  const byKid = new Map(keys.map((key) => [key.kid, key]));

  return {
    seal(plain, place) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', newest.key, iv).setAAD(bound(place));
      const ct = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return { v: 1, kid: newest.kid, iv: iv.toString('base64'), ct: ct.toString('base64'), tag: cipher.getAuthTag().toString('base64') };
    },

    open({ kid, iv, ct, tag }, place) {
      const found = byKid.get(kid);
      if (!found) throw new Error(`no encryption key ${kid}: it sealed ${place.collection}.${place.field} and must stay configured`);
      const decipher = createDecipheriv('aes-256-gcm', found.key, Buffer.from(iv, 'base64'), { authTagLength: 16 })
        .setAAD(bound(place))
        .setAuthTag(Buffer.from(tag, 'base64'));
      return Buffer.concat([decipher.update(Buffer.from(ct, 'base64')), decipher.final()]).toString('utf8');
    },

    derive: (purpose) => derived(newest, purpose),
    deriveAll: (purpose) => [derived(newest, purpose), ...older.map((key) => derived(key, purpose))],
  };
}

const derived = ({ key }: EncryptionKey, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', key, new Uint8Array(), `continuo/${purpose}`, 32));

const bound = ({ collection, id, field }: SealedPlace): Buffer => Buffer.from(`${collection}|${id}|${field}`);

/**
 * Reads `kid:base64[,kid:base64…]`, newest first, as the environment gives it.
 * @throws Error, without the key's text, for what is no key: wrong length, or the placeholder somebody forgot to replace
 */
export function parseKeys(text: string): readonly EncryptionKey[] {
  const keys = text.split(',').map((part) => parseKey(part.trim()));
  const kids = new Set(keys.map(({ kid }) => kid));
  if (kids.size < keys.length) throw new Error('two encryption keys have the same id');
  return keys;
}

function parseKey(text: string): EncryptionKey {
  const [, kid, encoded] = /^([\w-]{1,32}):([A-Za-z0-9+/_-]+={0,2})$/.exec(text) ?? [];
  if (!kid || !encoded) throw new Error('an encryption key is written <id>:<32 bytes in base64>');
  const key = new Uint8Array(Buffer.from(encoded, 'base64'));
  if (key.length !== 32) throw new Error(`encryption key ${kid} has ${key.length} bytes instead of 32`);
  if (looksTyped(key)) throw new Error(`encryption key ${kid} is a placeholder, not random bytes`);
  return { kid, key };
}

/** Thirty-two random bytes are never all printable, nor made of a few values. */
const looksTyped = (key: Uint8Array): boolean => key.every((byte) => byte >= 0x20 && byte < 0x7f) || new Set(key).size < 12;
