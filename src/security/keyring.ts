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
}
