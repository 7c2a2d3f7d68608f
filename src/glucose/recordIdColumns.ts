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
/** Looked up, not worked out: which of the two kinds comes next is anybody's guess, a processor's too. */
const HEX_DIGITS = Buffer.from('0123456789abcdef');

/** Record ids are UUIDs as far as is known; any other is kept as it is. @returns 16 bytes for each UUID */
export function writeRecordIds(out: ColumnWriter, origins: readonly ReadingOrigin[], vocabulary: Vocabulary): Uint8Array {
  const ids = new Uint8Array(origins.length * UUID_BYTES);
  const packed = out.column(origins.length);
  let end = 0;
  let row = 0;
  for (const { recordId } of origins) {
    const fits = packUuid(recordId, ids, end);
    if (fits) end += UUID_BYTES;
    else vocabulary.keepText(recordId);
    packed[row++] = Number(fits);
  }
  out.runs(packed);
  return ids.subarray(0, end);
}

/** @returns false for what is no UUID in small letters; what is in `ids` from `at` on then is of no use */
function packUuid(text: string, ids: Uint8Array, at: number): boolean {
  if (text.length !== UUID_LENGTH) return false;
  let next = 0;
  // Below zero from the first character on that is none of a UUID's.
  let all = 0;
  for (let i = 0; i < UUID_BYTES; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) all |= text.charCodeAt(next++) === DASH ? 0 : -1;
    const byte = (digitValue(text.charCodeAt(next)) << 4) | digitValue(text.charCodeAt(next + 1));
    next += 2;
    all |= byte;
    ids[at + i] = byte;
  }
  return all >= 0;
}

/** -1 for what is no hexadecimal digit in small letters. */
const digitValue = (character: number): number => (character < DIGIT_VALUES.length ? (DIGIT_VALUES[character] ?? -1) : -1);

const DIGIT_VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < 16; value++) DIGIT_VALUES[value < 10 ? ZERO + value : SMALL_A + value - 10] = value;

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
      texts[digits] = HEX_DIGITS[byte >>> 4] ?? ZERO;
      texts[digits + 1] = HEX_DIGITS[byte & 15] ?? ZERO;
    }
    for (const dash of DASHES_AT) texts[at + dash] = DASH;
  }
  return texts.toString('latin1');
}

function uuid(texts: string, n: number): string {
  const at = n * UUID_LENGTH;
  if (at + UUID_LENGTH > texts.length) throw new RangeError('A packed day has fewer record ids than readings');
  return texts.slice(at, at + UUID_LENGTH);
}
