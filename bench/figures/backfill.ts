import { type Window, windowsLeft } from '../../src/freshness/backfillWindows';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { type Database, openDatabase } from '../../src/storage/database';
import { type Engine, startEngine } from '../../test/engine/engine';
import { eventually } from '../../test/engine/eventually';
import { mongodbUri } from '../../test/servers';
import { policy } from '../../test/sync/syncWorld';
import type { Figure } from '../figure';
import { median, sum } from '../statistics';
import { Stopwatch } from '../stopwatch';
import { accessTokenFor } from '../worlds/accessTokenFor';
import { approvedAt } from '../worlds/approvedAt';
import { rawDexcom } from '../worlds/rawDexcom';
import { storedYear, YEAR_DAYS } from '../worlds/storedYear';

/** The first person warms everything up. */
const PEOPLE = 7;

/** A year of one person through the whole engine, from consent to the end of its history, beside doing the same fetches and writes by hand. */
export const backfill: Figure = {
  name: 'backfill',

  async measure() {
    const engine = await startEngine({ simulator: { people: PEOPLE, historyDays: YEAR_DAYS, prerender: true } });
    const database = await openDatabase({ uri: mongodbUri(), name: engine.database });
    try {
      const people = await engine.simulator.control.people();
      const rounds: Round[] = [];
      for (const { id } of people) rounds.push(await oneRound(engine, database, id));
      return await resultOf(rounds.slice(1));
    } finally {
      await engine.stop();
      await database.db.dropDatabase();
      await database.close();
    }
  },
};

interface Round {
  readonly oursMs: number;
  readonly firstWindowMs: number;
  readonly floor: Stopwatch;
  readonly windows: number;
  readonly days: number;
}

async function oneRound(engine: Engine, { db }: Database, person: string): Promise<Round> {
  const { user_id: userId } = await engine.call<{ user_id: string }>('POST', '/v2/user', { client_user_id: `bench-${person}` });
  const approved = await approvedAt(await engine.linkUrl(userId), person);
  const connection = await eventually(
    async () => {
      const found = await db.collection<ConnectionDoc>('connections').findOne({ teamId: engine.teamId, userId });
      if (!found?.backfill.endedAt) throw new Error('the history is not there yet');
      return found;
    },
    { withinMs: 180_000, everyMs: 100 },
  );
  const { floor, ceiling, endedAt, startedAt } = connection.backfill;
  const windows = [...windowsLeft({ floor, ceiling, doneBackTo: ceiling }, policy.longestWindowMs)];
  const days = await db.collection<{ _id: string }>('glucose_days').find({ connectionId: connection._id }).toArray();

  const spent = new Stopwatch();
  const byHand = db.collection<{ _id: string }>('days_by_hand');
  const dexcom = rawDexcom(engine.simulator.url, await accessTokenFor(engine, person));
  await spent.run('all', async () => {
    for (const window of windows) await fetchAndParse(window);
    await spent.run('write', async () => {
      for (const day of days) await byHand.insertOne(day);
    });
  });
  await dexcom.close();
  return {
    oursMs: (endedAt ?? 0) - approved,
    firstWindowMs: (startedAt ?? 0) - approved,
    floor: spent,
    windows: windows.length,
    days: days.length,
  };

  async function fetchAndParse(window: Window): Promise<void> {
    const bodies = await spent.run('fetch', () => dexcom.egvs(window));
    await spent.run('parse', async () => bodies.map((body) => JSON.parse(body)));
  }
}

async function resultOf(rounds: readonly Round[]) {
  const ours = median(rounds.map(({ oursMs }) => oursMs));
  const floorOf = (name: string): number => median(rounds.map(({ floor }) => floor.of(name)));
  const [one] = rounds;
  const { spent } = await storedYear();
  const parts = ['fetch', 'read days', 'write days'].map((name) => [name, spent.of(name)] as const);
  const protocol = spent.of('pull') - sum(parts.map(([, ms]) => ms));
  return {
    measurements: [
      {
        figure: `backfill of ${YEAR_DAYS} days, consent to end`,
        goal: { of: 'ratio', is: 'at most', value: 1.3 } as const,
        measured: { value: ours / 1000, unit: 's' },
        floor: { value: floorOf('all') / 1000, unit: 's' },
      },
    ],
    notes: [
      `${one?.windows} windows, ${one?.days} days; medians of ${rounds.length} people, each through the engine and then by hand; ratios ` +
        rounds.map(({ oursMs, floor }) => (oursMs / floor.of('all')).toFixed(2)).join(', '),
      `floor: ${ms('fetch', floorOf('fetch'))}, ${ms('JSON.parse', floorOf('parse'))}, ${ms('inserting the stored days one by one', floorOf('write'))}`,
      `ours without Temporal and processes (the pulls alone, one after the other): ${ms('all', spent.of('pull'))}, of it ${parts.map(([name, took]) => ms(name, took)).join(', ')}, ` +
        `${ms('merge and the pulls’ own bookkeeping', protocol)}; its fetch parses and harmonises too, its writes pack`,
      `from consent to the first window’s fetch ${ms('', median(rounds.map(({ firstWindowMs }) => firstWindowMs)))}: the callback, connecting, a first live pull`,
    ],
  };
}

const ms = (name: string, took: number): string => `${name} ${took.toFixed(0)} ms`.trim();
