import { setTimeout as pause } from 'node:timers/promises';
import { type Engine, startEngine } from '../../test/engine/engine';
import { announced, visible } from '../../test/engine/judge';
import { freshDatabase } from '../../test/storage/freshDatabase';
import type { Figure, Measurement } from '../figure';
import { median, percentile } from '../statistics';
import { timed } from '../stopwatch';
import { accessTokenFor } from '../worlds/accessTokenFor';
import { rawDexcom } from '../worlds/rawDexcom';

const PEOPLE = 20;
const INTERVAL_S = 10;
const DELAY_S = 3;
/** The schedule has found out by then how long readings take to become visible. */
const SETTLE_MS = 60_000;
const MEASURE_MS = 90_000;
/** Who has not arrived by then is lost. */
const STRAGGLE_MS = 15_000;
const BY_HAND = 20;

/** Simulated people through the whole engine: the ledger's instant of visibility against the receiver's clock, and every call counted. */
export const freshness: Figure = {
  name: 'freshness',

  async measure() {
    const simulator = { people: PEOPLE, historyDays: 1, delay: `${DELAY_S}s` };
    const engine = await startEngine({ interval: `${INTERVAL_S}s`, simulator });
    try {
      const people = (await engine.simulator.control.people()).map(({ id }) => id);
      const users = new Map<string, string>();
      for (const person of people) users.set(person, await engine.connect(person));

      await pause(SETTLE_MS);
      const from = Date.now();
      await pause(MEASURE_MS);
      const to = Date.now();
      const calls = await engine.simulator.control.calls({ from, to });
      const floorMs = await byHand(engine, people[0] ?? '');
      await pause(STRAGGLE_MS);

      const ages = await Promise.all([...users].map(([person, userId]) => agesOf(engine, { person, userId, from, to })));
      return resultOf(
        ages.flat(),
        calls.map(({ endpoint }) => endpoint),
        floorMs,
      );
    } finally {
      await engine.stop();
    }
  },
};

interface Span {
  readonly person: string;
  readonly userId: string;
  readonly from: number;
  readonly to: number;
}

/** Of every reading that became visible in the span; null: it never arrived. Milliseconds. */
async function agesOf(engine: Engine, { person, userId, from, to }: Span): Promise<(number | null)[]> {
  const arrivedAt = new Map<string, number>();
  for (const arrival of engine.receiver.distinct('daily.data.glucose.created'))
    for (const { record_id } of announced([arrival], userId)) arrivedAt.set(record_id, arrival.at);

  const readings = await visible(engine, person, to);
  return readings
    .filter(({ visibleAt }) => visibleAt !== null && visibleAt >= from && visibleAt < to)
    .map(({ recordId, visibleAt }) => {
      const at = arrivedAt.get(recordId);
      return at === undefined ? null : at - (visibleAt ?? 0);
    });
}

function resultOf(ages: readonly (number | null)[], endpoints: readonly string[], floorMs: number) {
  const arrived = ages.filter((age) => age !== null);
  const callsTo = (endpoint: string): number => endpoints.filter((one) => one === endpoint).length;
  const others = endpoints.length - callsTo('egvs') - callsTo('token');
  const latency = (share: number): Measurement => ({
    figure: `reading visible → webhook received, p${share * 100}, a reading every ${INTERVAL_S} s`,
    goal: null,
    measured: { value: percentile(arrived, share) / 1000, unit: 's' },
    floor: { value: floorMs / 1000, unit: 's' },
  });
  return {
    measurements: [
      latency(0.5),
      latency(0.99),
      {
        figure: 'Dexcom calls per reading',
        goal: { of: 'ratio', is: 'at most', value: 1.1 } as const,
        measured: { value: endpoints.length / ages.length, unit: 'calls' },
        floor: { value: 1, unit: 'call' },
      },
    ],
    notes: [
      `${PEOPLE} people, ${ages.length} readings in ${MEASURE_MS / 1000} s after ${SETTLE_MS / 1000} s of settling, visible ${DELAY_S} s after they were measured; ` +
        `${ages.length - arrived.length} never arrived, the slowest took ${(Math.max(0, ...arrived) / 1000).toFixed(1)} s`,
      `${callsTo('egvs')} calls for readings, ${callsTo('token')} for tokens, ${others} others`,
      'the goal, p50 ≤ 10 s and p99 ≤ 60 s, is for real sensors: a reading every 300 s, where every wait is longer but the work is not',
      'the floor of the latency is one fetch of the overlap and one insert by hand in the same minute; of the calls, one per reading',
    ],
  };
}

/** @returns the median of what one fetch and one write take while everything else goes on, milliseconds */
async function byHand(engine: Engine, person: string): Promise<number> {
  const dexcom = rawDexcom(engine.simulator.url, await accessTokenFor(engine, person));
  const database = await freshDatabase();
  const one = database.db.collection('one');
  const taken: number[] = [];
  for (let n = 0; n < BY_HAND; n++) {
    const now = Date.now();
    taken.push(
      await timed(async () => {
        const [body] = await dexcom.egvs({ from: now - 288 * INTERVAL_S * 1000, to: now });
        await one.insertOne({ body: body?.length });
      }),
    );
  }
  await Promise.all([dexcom.close(), database.close()]);
  return median(taken);
}
