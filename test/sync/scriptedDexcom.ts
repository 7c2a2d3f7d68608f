import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A record as Dexcom sends it, good or bad. */
export type SentRecord = Readonly<Record<string, unknown>>;

export interface ScriptedDexcom {
  readonly url: string;
  readonly userId: string;
  /** What every question for readings is answered from now on … */
  serve(records: readonly SentRecord[]): void;
  /** … and every one for events. */
  serveEvents(records: readonly SentRecord[]): void;
  close(): Promise<void>;
}

/** Answers readings as it is told, for what no sensor of the simulator does: a record whose time moves, one that is broken. */
export async function scriptedDexcom(): Promise<ScriptedDexcom> {
  const userId = 'e'.repeat(64);
  let records: readonly SentRecord[] = [];
  let events: readonly SentRecord[] = [];
  const server = createServer(({ url }, response) => {
    const [recordType, asked] = url?.includes('/events') ? ['event', events] : ['egv', records];
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ recordType, recordVersion: '3.0', userId, records: asked }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = addressOf(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    userId,
    serve: (next) => {
      records = next;
    },
    serveEvents: (next) => {
      events = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An EGV of a phone. */
export const egv = (recordId: string, at: number, value: number): SentRecord => ({
  recordId,
  systemTime: new Date(at).toISOString(),
  displayTime: new Date(at).toISOString(),
  transmitterId: 'a'.repeat(64),
  transmitterTicks: Math.floor(at / 1000) % 1_000_000,
  value,
  status: null,
  trend: 'flat',
  trendRate: 0,
  unit: 'mg/dL',
  rateUnit: 'mg/dL/min',
  displayDevice: 'iOS',
  transmitterGeneration: 'g7',
  displayApp: 'G7',
});

function addressOf(address: string | AddressInfo | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return address;
}
