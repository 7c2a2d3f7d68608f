import type { ColumnReader, ColumnWriter } from './columns';
import type { ReadingOrigin } from './reading';
import type { Vocabulary } from './vocabulary';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUID_BYTES = 16;

/** Record ids are UUIDs as far as is known; any other is kept as it is. @returns 16 bytes for each UUID */
export function writeRecordIds(out: ColumnWriter, origins: readonly ReadingOrigin[], vocabulary: Vocabulary): Uint8Array {
  const packed = origins.map(({ recordId }) => UUID.test(recordId));
  out.runs(packed.map(Number));

  let hex = '';
  origins.forEach(({ recordId }, i) => {
    if (packed[i]) hex += recordId.replaceAll('-', '');
    else vocabulary.keepText(recordId);
  });
  return Buffer.from(hex, 'hex');
}

export function readRecordIds(from: ColumnReader, count: number, ids: Uint8Array, vocabulary: Vocabulary): string[] {
  const hex = Buffer.from(ids.buffer, ids.byteOffset, ids.byteLength).toString('hex');
  let next = 0;
  return from.runs(count).map((packed) => (packed === 1 ? uuid(hex, next++ * UUID_BYTES * 2) : vocabulary.readText()));
}

function uuid(hex: string, at: number): string {
  if (at + UUID_BYTES * 2 > hex.length) throw new RangeError('A packed day has fewer record ids than readings');
  return `${hex.slice(at, at + 8)}-${hex.slice(at + 8, at + 12)}-${hex.slice(at + 12, at + 16)}-${hex.slice(at + 16, at + 20)}-${hex.slice(at + 20, at + 32)}`;
}
