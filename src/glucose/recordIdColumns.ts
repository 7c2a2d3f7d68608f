import type { ColumnReader, ColumnWriter } from './columns';
import { fragment, JsonBytes } from './jsonBytes';
import type { ReadingOrigin } from './reading';
import { shortHash } from './shortHash';
import type { Vocabulary } from './vocabulary';

const UUID_BYTES = 16;
const ANY_UUID = fragment('00000000-0000-0000-0000-000000000000');
const UUID_LENGTH = ANY_UUID.length;
const DASH = 45;
const ZERO = 48;
const SMALL_A = 97;

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

/** @throws RangeError where there are fewer than rows */
export function readRecordIds(from: ColumnReader, count: number, ids: Uint8Array, vocabulary: Vocabulary): RecordIds {
  const isPacked = from.runs(count);
  const places = new Array<number>(count);
  const kept: string[] = [];
  let end = 0;
  for (let row = 0; row < count; row++) {
    if (isPacked[row] === 1) {
      places[row] = end;
      end += UUID_BYTES;
    } else places[row] = -kept.push(vocabulary.readText());
  }
  if (ids.length < end) throw new RangeError('A packed day has fewer record ids than readings');
  return new RecordIds(ids, places, kept);
}

/** The record ids of a day by row: texts that are made when somebody asks for them. */
export class RecordIds {
  private texts: string | null = null;

  /**
   * @param bytes 16 for each UUID
   * @param places where in `bytes` a row's is; below zero: it is no UUID, -1 the first of `kept`, -2 the second …
   * @param kept those that are none
   */
  constructor(
    readonly bytes: Uint8Array,
    readonly places: readonly number[],
    private readonly kept: readonly string[],
  ) {}

  at(row: number): string {
    const place = this.places[row] ?? -1;
    if (place < 0) return this.kept[-place - 1] ?? '';
    this.texts ??= textsOf(this.bytes);
    const begin = (place / UUID_BYTES) * UUID_LENGTH;
    return this.texts.slice(begin, begin + UUID_LENGTH);
  }

  /** `idHash` of a row's, without its text. */
  hashAt(row: number): number {
    const place = this.places[row] ?? -1;
    return place < 0 ? shortHash(this.at(row)) : endOf(this.bytes, place);
  }
}

const SCRATCH = new Uint8Array(UUID_BYTES);

/** A record id as a whole number of 32 bits. */
export const idHash = (recordId: string): number => (packUuid(recordId, SCRATCH, 0) ? endOf(SCRATCH, 0) : shortHash(recordId));

/** The last four bytes: ids that count something differ there. */
const endOf = (ids: Uint8Array, at: number): number =>
  ((ids[at + 12] ?? 0) << 24) | ((ids[at + 13] ?? 0) << 16) | ((ids[at + 14] ?? 0) << 8) | (ids[at + 15] ?? 0);

/** All ids in one text, cut apart afterwards: a day's in one conversion. */
function textsOf(ids: Uint8Array): string {
  const texts = new JsonBytes(new Uint8Array((ids.length / UUID_BYTES) * UUID_LENGTH));
  for (let id = 0; id < ids.length; id += UUID_BYTES) texts.overwriteUuid(texts.copy(ANY_UUID), ids, id);
  return Buffer.from(texts.finish().buffer, 0, texts.finish().length).toString('latin1');
}
