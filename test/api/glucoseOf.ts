import { randomUUID } from 'node:crypto';
import type { StoredReading } from '../../src/glucose/reading';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { dayId } from '../../src/storage/glucoseDays';
import { readingAt } from '../glucose/readings';
import { sampleConnection } from '../storage/sampleConnection';
import type { ApiWorld, App } from './apiWorld';

export const DAY = 86_400_000;
export const START = Date.parse('2026-01-01T00:00:00Z');

export interface Sample {
  readonly record_id: string;
  readonly system_time: string;
}

export const every = (stepMs: number, from: number, to: number): StoredReading[] =>
  Array.from({ length: Math.ceil((to - from) / stepMs) }, (_, n) => readingAt(from + n * stepMs, { recordId: randomUUID() }));

/** In the order of time, as each group is. */
export const samplesOf = (body: { groups: { dexcom_v3?: { data: Sample[] }[] } }): Sample[] => {
  const groups = body.groups.dexcom_v3 ?? [];
  for (const { data } of groups) expect(data).toEqual(inOrder(data));
  return inOrder(groups.flatMap(({ data }) => data));
};

const inOrder = (samples: readonly Sample[]): Sample[] => samples.toSorted((a, b) => (a.system_time < b.system_time ? -1 : 1));

export const idsOf = (samples: readonly Sample[]): string[] => samples.map(({ record_id }) => record_id);
export const recordIds = (readings: readonly StoredReading[]): string[] => readings.map(({ recordId }) => recordId);

/** Puts readings where a pull would, and reads them as an app does. */
export function glucoseOf({ services }: ApiWorld, app: App) {
  /** A user whose connection has these readings. */
  async function userWith(
    readings: readonly StoredReading[],
    change: Partial<ConnectionDoc> = {},
  ): Promise<{ userId: string; connection: ConnectionDoc }> {
    const userId = await app.newUser();
    const connection = await connect(userId, readings, change);
    return { userId, connection };
  }

  async function connect(userId: string, readings: readonly StoredReading[], change: Partial<ConnectionDoc> = {}): Promise<ConnectionDoc> {
    const fresh = sampleConnection({ teamId: app.teamId, userId, ...change });
    const floor = Math.min(START, ...readings.map(({ at }) => at));
    const connection = await services.connections.ensure({ ...fresh, backfill: { ...fresh.backfill, floor } });
    await store(connection, readings);
    return connection;
  }

  async function store({ _id, teamId, userId }: ConnectionDoc, added: readonly StoredReading[]): Promise<void> {
    for (const id of new Set(added.map(({ at }) => dayId(_id, at)))) {
      const [day] = await services.glucoseDays.read(teamId, [id]);
      const readings = [...(day?.readings ?? []), ...added.filter(({ at }) => dayId(_id, at) === id)].sort((a, b) => a.at - b.at);
      const next = {
        _id: id,
        teamId,
        userId,
        connectionId: _id,
        version: (day?.version ?? 0) + 1,
        pullSeq: 1,
        unpublished: false,
        readings,
      };
      expect(await services.glucoseDays.write(next)).toBe(true);
    }
  }

  const page = (userId: string, query: Record<string, string>) =>
    app.call('GET', `/v2/timeseries/${userId}/glucose/grouped?${new URLSearchParams(query)}`);

  /** All pages, `between` them whatever happens meanwhile. */
  async function follow(
    userId: string,
    query: Record<string, string>,
    between: (pageNumber: number) => Promise<void> = async () => undefined,
  ): Promise<Sample[]> {
    const samples: Sample[] = [];
    let cursor: string | null = null;
    for (let n = 0; n === 0 || cursor !== null; n++) {
      const { status, body } = await page(userId, { ...query, ...(cursor !== null && { next_cursor: cursor }) });
      expect([status, body.next]).toEqual([200, body.next_cursor]);
      samples.push(...samplesOf(body));
      cursor = body.next_cursor;
      await between(n);
    }
    return samples;
  }

  return { userWith, connect, store, page, follow };
}
