import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { CallTurn } from '../../src/dexcom/callGate';
import { slotAt, slotPlan } from '../../src/quota/slots';
import type { Database } from '../../src/storage/database';
import { freshDatabase } from '../storage/freshDatabase';
import { gatedDb } from '../sync/gatedDb';
import { ask, askMany, type Clock, countingMeter, HOUR, history, live, MINUTE, processOn, START, signIn, token } from './budgetWorld';

let database: Database;

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

/** 60 slots of a minute, ten calls each. */
const plan = slotPlan(610, 5 * MINUTE);
const newApp = (): string => `us:${randomUUID()}`;
/** 60 slots of a minute, a hundred calls each. */
const roomy = slotPlan(6_100, 5 * MINUTE);
/** Two processes of one app. */
const twoOn = (app: string, clock: Clock) => [processOn(database, app, roomy, clock), processOn(database, app, roomy, clock)] as const;

describe('processes that share an app', () => {
  const turns: readonly CallTurn[] = [signIn, token, live, history];
  const step = fc.record({
    worker: fc.nat(3),
    turn: fc.constantFrom(...turns),
    calls: fc.integer({ min: 1, max: 8 }),
    thenMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 90_000 })),
    dies: fc.integer({ min: 0, max: 5 }).map((drawn) => drawn === 0),
  });

  test('never send more than the budget in a slot or an hour, whoever of them dies', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 60 }), async (steps) => {
        const app = newApp();
        const clock: Clock = { now: START };
        const workers = Array.from({ length: 4 }, () => processOn(database, app, plan, clock));
        const sentAt: number[] = [];
        for (const { worker, turn, calls, thenMs, dies } of steps) {
          const other = (worker + 1) % 4;
          const admitted = await Promise.all([worker, other].map((n) => askMany(workers[n] ?? fail(), turn, calls)));
          for (let sent = admitted.reduce((sum, n) => sum + n, 0); sent > 0; sent--) sentAt.push(clock.now);
          // Its lease is lost: who comes in its place knows nothing of it.
          if (dies) workers[worker] = processOn(database, app, plan, clock);
          clock.now += thenMs;
        }
        expect(sentAt.length).toBeGreaterThan(0);
        expect(mostWithin(sentAt, (at) => slotAt(at, plan).endsAt)).toBeLessThanOrEqual(plan.calls);
        expect(mostWithin(sentAt, (at) => at + HOUR)).toBeLessThanOrEqual(610);
      }),
      { numRuns: 6 },
    );
  });

  test('send all of it if they want all of it', async () => {
    const clock = { now: START };
    const app = newApp();
    const workers = [processOn(database, app, plan, clock), processOn(database, app, plan, clock)];
    const sent = await Promise.all(workers.map((worker) => askMany(worker, signIn, 20)));
    expect(sent.reduce((sum, n) => sum + n, 0)).toBe(plan.calls);
  });

  test.each([
    ['three hours', 3 * HOUR, null],
    ['two days', 48 * HOUR, expect.any(Number)],
  ])('go on beside one whose clock is %s ahead, or come again with the next slot', async (_, aheadMs, second) => {
    const clock = { now: START };
    const app = newApp();
    const right = processOn(database, app, plan, clock);
    expect(await ask(right, signIn)).toBeNull();
    expect(await ask(processOn(database, app, plan, { now: START + aheadMs }), signIn)).toBeNull();
    expect(await ask(right, signIn)).toEqual(second);
    clock.now += MINUTE;
    expect(await ask(right, signIn)).toBeNull();
  });

  test('leave other apps alone', async () => {
    const clock = { now: START };
    const [one, other] = [processOn(database, newApp(), plan, clock), processOn(database, newApp(), plan, clock)];
    await askMany(one, signIn, 20);
    expect(await askMany(other, signIn, 20)).toBe(plan.calls);
  });
});

/** The most of `sorted` that lie between one of them and `until` it. */
function mostWithin(sorted: readonly number[], until: (at: number) => number): number {
  return Math.max(...sorted.map((at, n) => sorted.slice(n).filter((later) => later < until(at)).length));
}

const fail = (): never => {
  throw new Error('no such worker');
};

describe('where calls are short', () => {
  test('sign-ins and tokens have some that readings never get, and sign-ins some that tokens never get', async () => {
    const [worker, other] = twoOn(newApp(), { now: START });
    expect(await askMany(worker, live, 200)).toBe(95);
    expect(await askMany(other, live, 10)).toBe(0);
    expect(await askMany(worker, history, 10)).toBe(0);
    expect(await askMany(worker, token, 20)).toBe(3);
    expect(await askMany(other, token, 20)).toBe(0);
    expect(await askMany(other, signIn, 20)).toBe(2);
  });

  test('as many are kept for sign-ins and tokens as they took in the slot before, and a quarter more', async () => {
    const clock = { now: START };
    const [worker, other] = twoOn(newApp(), clock);
    expect(await askMany(other, token, 20)).toBe(20);
    await askMany(worker, live, 200);

    clock.now += MINUTE;
    expect(await askMany(worker, live, 200)).toBe(75);
    expect(await askMany(other, token, 20)).toBe(20);
    expect(await askMany(other, signIn, 2)).toBe(2);
  });

  test('history never takes the last quarter, and steps back for as many as were polled before', async () => {
    const clock = { now: START };
    const app = newApp();
    const worker = processOn(database, app, roomy, clock);
    expect(await askMany(worker, history, 200)).toBe(70);
    expect(await askMany(worker, live, 20)).toBe(20);

    clock.now += MINUTE;
    await askMany(worker, live, 60);
    clock.now += MINUTE;
    // 95 less five quarters of what was leased for the sixty.
    expect(await askMany(worker, history, 200)).toBeLessThanOrEqual(20);
    expect(await askMany(worker, live, 60)).toBe(60);
  });

  test('history is read a little even where live polls want everything, always', async () => {
    const clock = { now: START };
    const [worker, other] = twoOn(newApp(), clock);
    await askMany(worker, live, 140);
    for (let slot = 0; slot < 2; slot++) {
      clock.now += MINUTE;
      await askMany(worker, live, 40);
      expect(await askMany(other, history, 40)).toBe(2);
      await askMany(worker, live, 100);
    }
  });

  test('whoever was polled just now is told when their turn comes, and whoever has waited longer is polled', async () => {
    const clock = { now: START };
    const [worker, other] = twoOn(newApp(), clock);
    expect(await askMany(worker, live, 200)).toBe(95);

    clock.now += MINUTE;
    const wait = await ask(other, { kind: 'live', since: clock.now - 20_000 });
    expect(wait).toBeGreaterThanOrEqual(40_000);
    expect(wait).toBeLessThanOrEqual(55_000);
    expect(await ask(other, { kind: 'live', since: START })).toBeNull();
  });

  test('once there are enough again, everybody is polled as often as they like', async () => {
    const clock = { now: START };
    const worker = processOn(database, newApp(), roomy, clock);
    await askMany(worker, live, 200);
    clock.now += MINUTE;
    expect(await ask(worker, { kind: 'live', since: clock.now })).not.toBeNull();
    clock.now += 2 * MINUTE;
    expect(await ask(worker, { kind: 'live', since: clock.now })).toBeNull();
  });
});

test('an operator sees what was sent, put off and why, refused, and left', async () => {
  const [clock, meter] = [{ now: START }, countingMeter()];
  const worker = processOn(database, newApp(), plan, clock, meter);
  await askMany(worker, live, 9);
  await worker.refused(live, null);
  await ask(worker, token);
  expect(Object.fromEntries(meter.counts)).toEqual({
    'sent live': 7,
    'putOff live empty': 2,
    'refused live': 1,
    'putOff token closed': 1,
    left: 3,
  });
  clock.now += MINUTE;
  await ask(worker, { kind: 'live', since: clock.now });
  expect(meter.counts.get('putOff live turn')).toBe(1);
});

test('a quiet process asks the database once for all calls of a kind in a slot', async () => {
  const names: string[] = [];
  const db = gatedDb(database.db, async (_, name) => void names.push(name));
  const clock = { now: START };
  const app = newApp();
  const worker = processOn({ ...database, db }, app, slotPlan(54_000, 5 * MINUTE), clock);
  for (let slot = 0; slot < 3; slot++) {
    names.length = 0;
    for (let call = 0; call < 12; call++) expect(await ask(worker, call === 0 ? token : { kind: 'live', since: clock.now })).toBeNull();
    clock.now += MINUTE;
  }
  expect(names.filter((name) => name.includes('findOneAndUpdate'))).toHaveLength(2);
  expect(names.length).toBeLessThanOrEqual(9);
});
