import { openDay } from '../../../glucose/dayCodec';
import { JsonBytes } from '../../../glucose/jsonBytes';
import { PackedCopy } from '../../../glucose/packedCopy';
import { idHashOf } from '../../../glucose/packedReading';
import type { ReadingDevice } from '../../../glucose/reading';
import { listSamples } from '../../../glucose/writeSamples';
import { type ClosedDay, dayStart } from '../../../storage/glucoseDays';
import { type Group, groupsOf } from './pageGroups';
import { BYTES_PER_READING } from './writePage';

const COMMA = 0x2c;

/** A whole stored day as pages say it, so that nobody need unpack it again. */
export interface WrittenDay extends Omit<ClosedDay, 'packed'> {
  /** What it was written from. */
  readonly packed: PackedCopy;
  /** Of all its readings. */
  readonly idHashes: Int32Array;
  /** One for each source, in the order of their first readings. */
  readonly runs: readonly WrittenRun[];
  /** Of memory. */
  readonly bytes: number;
}

interface WrittenRun {
  readonly device: ReadingDevice;
  /** JSON, a comma before each. */
  readonly samples: Uint8Array<ArrayBuffer>;
}

export function writeDay({ _id, teamId, userId, connectionId, packed: stored }: ClosedDay): WrittenDay {
  const readings = openDay(dayStart(_id), stored);
  const packed = new PackedCopy(stored);
  const idHashes = Int32Array.from(readings, idHashOf);
  const groups = groupsOf({ readings, whole: [], ownerOf: () => connectionId });
  const runs = groups.map((group) => ({ device: group.device, samples: samplesOf(group) }));
  const bytes = runs.reduce((sum, { samples }) => sum + samples.length, packed.bytes + idHashes.byteLength);
  return { _id, teamId, userId, connectionId, packed, idHashes, runs, bytes };
}

function samplesOf({ pieces }: Group): Uint8Array<ArrayBuffer> {
  const readings = pieces.flatMap((piece) => (piece instanceof Uint8Array ? [] : piece));
  const out = new JsonBytes(new Uint8Array(readings.length * BYTES_PER_READING));
  out.byte(COMMA);
  listSamples(out, readings);
  return out.finish().slice();
}
