import { randomUUID } from 'node:crypto';
import { clientOver, type DexcomClient } from '../../src/dexcom/client';
import { DexcomError } from '../../src/dexcom/errors';
import { DexcomHttp } from '../../src/dexcom/http';
import { createCallGate } from '../../src/quota/createCallGate';
import { CallClosings } from '../../src/storage/callClosings';
import { CallSlots } from '../../src/storage/callSlots';
import type { Database } from '../../src/storage/database';
import { freshDatabase } from '../storage/freshDatabase';
import { type ScriptedDexcom, scriptedDexcom } from '../sync/scriptedDexcom';
import { countingMeter, token } from './budgetWorld';

/** Slots of a second, ten calls each. */
const limits = { others: 36_010, apps: [] };
const CADENCE_MS = 5_000;
const MANY = 14;

describe('an app whose calls are short', () => {
  let database: Database;
  let dexcom: ScriptedDexcom;
  let http: DexcomHttp;
  let client: DexcomClient;
  const meter = countingMeter();

  beforeAll(async () => {
    database = await freshDatabase();
    dexcom = await scriptedDexcom();
    http = new DexcomHttp(dexcom.url);
    const stores = { slots: new CallSlots(database.db), closings: new CallClosings(database.db) };
    const gate = createCallGate(limits, CADENCE_MS, { ...stores, meter, now: Date.now, random: Math.random });
    client = clientOver(http, { region: 'simulator', clientId: randomUUID(), clientSecret: 's', baseUrl: dexcom.url }, gate);
  });
  afterAll(async () => {
    await http?.close();
    await dexcom?.close();
    await database?.close();
  });

  const allOf = <T>(ask: () => Promise<T>): Promise<PromiseSettledResult<T>[]> => Promise.allSettled(Array.from({ length: MANY }, ask));
  const refusals = (outcomes: readonly PromiseSettledResult<unknown>[]): DexcomError[] =>
    outcomes.flatMap((outcome) => (outcome.status === 'rejected' && outcome.reason instanceof DexcomError ? [outcome.reason] : []));

  test('lets in everybody who signs in, more than a slot has calls for, whatever others ask for meanwhile', async () => {
    const until = Date.now();
    const [polls, signIns] = await Promise.all([
      allOf(() => client.egvs('token', { from: until - 60_000, to: until }, undefined, { kind: 'live', since: 0 })),
      allOf(() => client.dataRange('token')),
    ]);
    expect(refusals(signIns)).toEqual([]);
    // They come back by themselves, and are told when.
    for (const { kind, retryAfterMs } of refusals(polls)) expect([kind, retryAfterMs]).toEqual(['budget_spent', expect.any(Number)]);
    expect(refusals(polls).length).toBeGreaterThan(0);
    expect(polls.filter(({ status }) => status === 'fulfilled').length).toBe(meter.counts.get('sent live') ?? 0);
    expect(meter.counts.get('sent signIn')).toBe(MANY);
    expect(meter.counts.get('putOff live empty') ?? 0).toBe(refusals(polls).length);
  });

  test('takes the calls of those who wait for nobody else’s consent: who settles that comes again', async () => {
    const before = meter.counts.get('sent signIn');
    const settled = await allOf(() => client.dataRange('token', undefined, token));
    for (const { kind, retryAfterMs } of refusals(settled)) expect([kind, retryAfterMs]).toEqual(['budget_spent', expect.any(Number)]);
    expect(settled.filter(({ status }) => status === 'fulfilled').length).toBe(meter.counts.get('sent token') ?? 0);
    expect(meter.counts.get('sent signIn')).toBe(before);
  });

  test('does not keep somebody waiting who has left', async () => {
    await allOf(() => client.dataRange('token'));
    await expect(client.dataRange('token', AbortSignal.timeout(1))).rejects.not.toBeInstanceOf(DexcomError);
  });
});
