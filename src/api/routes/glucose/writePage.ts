import { fragment, JsonBytes } from '../../../glucose/jsonBytes';
import { listSamples } from '../../../glucose/writeSamples';
import { deviceIdOf } from '../../../storage/devices';
import { dexcomProvider } from '../../../webhooks/provider';
import type { GlucosePage } from './page';
import { type Group, groupsOf } from './pageGroups';

/** A sample is about 620 bytes; a little more, so that the buffer seldom grows. */
export const BYTES_PER_READING = 700;
const BYTES_AROUND = 8_192;
const COMMA = 0x2c;

export const bytesFor = ({ readings }: Pick<GlucosePage, 'readings'>): number => readings.length * BYTES_PER_READING + BYTES_AROUND;

/**
 * `GroupedGlucose` as JSON: written, not stringified, because a page is megabytes. One group for each device, in the order of their first
 * readings; `groups` is empty if no reading has a value.
 * @param cursor of the next page
 * @param into is written over; `bytesFor` tells how long it should be
 * @returns pieces: days written before are not copied, so there is one piece if there are none of them
 */
export function writePage(
  page: Omit<GlucosePage, 'next'>,
  cursor: string | null,
  into: Uint8Array<ArrayBuffer>,
): readonly Uint8Array<ArrayBuffer>[] {
  const out = new JsonBytes(into);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const groups = groupsOf(page);
  out.copy(fragment(groups.length === 0 ? '{"groups":{' : '{"groups":{"dexcom_v3":['));
  for (const [n, group] of groups.entries()) {
    out.copy(fragment(`${n === 0 ? '' : ','}{"source":${JSON.stringify(sourceOf(group))},"data":[`));
    for (const [m, piece] of group.pieces.entries()) {
      if (piece instanceof Uint8Array) pieces.push(out.cut(), m === 0 ? piece.subarray(1) : piece);
      else {
        if (m > 0) out.byte(COMMA);
        listSamples(out, piece);
      }
    }
    out.copy(fragment(']}'));
  }
  const next = JSON.stringify(cursor);
  out.copy(fragment(`${groups.length === 0 ? '' : ']'}},"next":${next},"next_cursor":${next}}`));
  return [...pieces, out.cut()].filter(({ length }) => length > 0);
}

/** In Vital's shape (vital-api.md §5.1). */
const sourceOf = ({ connectionId, device }: Group) => ({
  provider: dexcomProvider.slug,
  type: 'unknown',
  app_id: null,
  device_id: deviceIdOf(connectionId, device),
  sport: null,
  workout_id: null,
  ...dexcomProvider,
});
