import type { ColumnReader, ColumnWriter } from './columns';
import type { ReadingOrigin } from './reading';
import type { Vocabulary } from './vocabulary';

/** Where the 16 bytes' digits stand in the text, and between them the dashes. */
const DIGITS_AT = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34] as const;
const DASHES_AT = [8, 13, 18, 23] as const;
const UUID_BYTES = DIGITS_AT.length;
const UUID_LENGTH = 36;
const DASH = 45;
const ZERO = 48;
const SMALL_A = 97;

/** Record ids are UUIDs as far as is known; any other is kept as it is. @returns 16 bytes for each UUID */
export function writeRecordIds(out: ColumnWriter, origins: readonly ReadingOrigin[], vocabulary: Vocabulary): Uint8Array {
  const ids = new Uint8Array(origins.length * UUID_BYTES);
  let end = 0;
  const packed = origins.map(({ recordId }) => {
    const fits = packUuid(recordId, ids, end);
    if (fits) end += UUID_BYTES;
    else vocabulary.keepText(recordId);
    return Number(fits);
  });
  out.runs(packed);
  return ids.subarray(0, end);
}

/** @returns false for what is no UUID in small letters; what is in `ids` from `at` on then is of no use */
function packUuid(text: string, ids: Uint8Array, at: number): boolean {
  if (text.length !== UUID_LENGTH) return false;
  for (const dash of DASHES_AT) if (text.charCodeAt(dash) !== DASH) return false;
  for (let i = 0; i < UUID_BYTES; i++) {
    const digits = DIGITS_AT[i] ?? 0;
    const byte = (digitValue(text.charCodeAt(digits)) << 4) | digitValue(text.charCodeAt(digits + 1));
    if (byte < 0) return false;
    ids[at + i] = byte;
  }
  return true;
}

/** -1 for what is no hexadecimal digit in small letters. */
function digitValue(character: number): number {
  if (character >= ZERO && character < ZERO + 10) return character - ZERO;
  return character >= SMALL_A && character < SMALL_A + 6 ? character - SMALL_A + 10 : -1;
}

export function readRecordIds(from: ColumnReader, count: number, ids: Uint8Array, vocabulary: Vocabulary): string[] {
  const texts = textsOf(ids);
  let next = 0;
  return from.runs(count).map((packed) => (packed === 1 ? uuid(texts, next++) : vocabulary.readText()));
}

/** All ids in one text, cut apart afterwards: a day's in one conversion. */
function textsOf(ids: Uint8Array): string {
  const texts = Buffer.allocUnsafe((ids.length / UUID_BYTES) * UUID_LENGTH);
  for (let id = 0, at = 0; at < texts.length; id += UUID_BYTES, at += UUID_LENGTH) {
    for (let i = 0; i < UUID_BYTES; i++) {
      const byte = ids[id + i] ?? 0;
      const digits = at + (DIGITS_AT[i] ?? 0);
      texts[digits] = hexDigit(byte >>> 4);
      texts[digits + 1] = hexDigit(byte & 15);
    }
    for (const dash of DASHES_AT) texts[at + dash] = DASH;
  }
  return texts.toString('latin1');
}

const hexDigit = (value: number): number => (value < 10 ? ZERO + value : SMALL_A + value - 10);

function uuid(texts: string, n: number): string {
  const at = n * UUID_LENGTH;
  if (at + UUID_LENGTH > texts.length) throw new RangeError('A packed day has fewer record ids than readings');
  return texts.slice(at, at + UUID_LENGTH);
}
