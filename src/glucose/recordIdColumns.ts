import type { ColumnReader, ColumnWriter } from './columns';
import type { ReadingOrigin } from './reading';
import type { Vocabulary } from './vocabulary';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Where the 16 bytes' digits stand in the text, and between them the dashes. */
const DIGITS_AT = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34] as const;
const DASHES_AT = [8, 13, 18, 23] as const;
const UUID_BYTES = DIGITS_AT.length;
const UUID_LENGTH = 36;
const DASH = 45;

/** Record ids are UUIDs as far as is known; any other is kept as it is. @returns 16 bytes for each UUID */
export function writeRecordIds(out: ColumnWriter, origins: readonly ReadingOrigin[], vocabulary: Vocabulary): Uint8Array {
  const packed = origins.map(({ recordId }) => (UUID.test(recordId) ? 1 : 0));
  out.runs(packed);

  let hex = '';
  origins.forEach(({ recordId }, i) => {
    if (packed[i] === 1) hex += recordId.replaceAll('-', '');
    else vocabulary.keepText(recordId);
  });
  return Buffer.from(hex, 'hex');
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

const hexDigit = (value: number): number => (value < 10 ? 48 + value : 87 + value);

function uuid(texts: string, n: number): string {
  const at = n * UUID_LENGTH;
  if (at + UUID_LENGTH > texts.length) throw new RangeError('A packed day has fewer record ids than readings');
  return texts.slice(at, at + UUID_LENGTH);
}
