import { fragment, JsonBytes } from '../../../glucose/jsonBytes';
import type { Reading, ReadingDevice } from '../../../glucose/reading';
import { writeSamples } from '../../../glucose/writeSamples';
import { deviceIdOf } from '../../../storage/devices';
import { dexcomProvider } from '../../../webhooks/provider';
import type { GlucosePage } from './page';

/** A sample is about 620 bytes; a little more, so that the buffer seldom grows. */
export const BYTES_PER_READING = 700;
const BYTES_AROUND = 8_192;

export const bytesFor = ({ readings }: Pick<GlucosePage, 'readings'>): number => readings.length * BYTES_PER_READING + BYTES_AROUND;

/** Readings of one source: of one connection, measured by one device. */
interface Group {
  readonly deviceId: string | null;
  readonly readings: Reading[];
}

/**
 * `GroupedGlucose` as JSON: written, not stringified, because a page is megabytes. One group for each device, in the order of their first
 * readings; `groups` is empty if no reading has a value.
 * @param cursor of the next page
 * @param into is written over; `bytesFor` tells how long it should be
 */
export function writePage(page: Omit<GlucosePage, 'next'>, cursor: string | null, into: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const out = new JsonBytes(into);
  const groups = groupsOf(page);
  out.copy(fragment(groups.length === 0 ? '{"groups":{' : '{"groups":{"dexcom_v3":['));
  for (const [n, group] of groups.entries()) {
    out.copy(fragment(`${n === 0 ? '' : ','}{"source":${JSON.stringify(sourceOf(group))},"data":`));
    writeSamples(out, group.readings);
    out.copy(fragment('}'));
  }
  const next = JSON.stringify(cursor);
  out.copy(fragment(`${groups.length === 0 ? '' : ']'}},"next":${next},"next_cursor":${next}}`));
  return out.finish();
}

function groupsOf({ readings, ownerOf }: Omit<GlucosePage, 'next'>): readonly Group[] {
  const bySource = new Map<string, Group>();
  // Readings of one day share their device: only the first of each is looked up.
  let last: { readonly connectionId: string; readonly device: ReadingDevice; readonly group: Group } | null = null;
  for (const reading of readings) {
    // One without a value is told nobody.
    if (reading.mgPerDl === null) continue;
    const { device } = reading;
    const connectionId = ownerOf(reading);
    if (!last || last.device !== device || last.connectionId !== connectionId) {
      last = { connectionId, device, group: groupOf(bySource, connectionId, device) };
    }
    last.group.readings.push(reading);
  }
  return [...bySource.values()];
}

function groupOf(bySource: Map<string, Group>, connectionId: string, device: ReadingDevice): Group {
  // By what its id is made from: making the id takes longer than grouping a day.
  const { generation, transmitterId } = device;
  const source = transmitterId === null ? connectionId : JSON.stringify([connectionId, generation, transmitterId]);
  const known = bySource.get(source);
  if (known) return known;
  const group: Group = { deviceId: deviceIdOf(connectionId, device), readings: [] };
  bySource.set(source, group);
  return group;
}

/** In Vital's shape (vital-api.md §5.1). */
const sourceOf = ({ deviceId }: Group) => ({
  provider: dexcomProvider.slug,
  type: 'unknown',
  app_id: null,
  device_id: deviceId,
  sport: null,
  workout_id: null,
  ...dexcomProvider,
});
