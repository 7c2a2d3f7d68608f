import { randomUUID } from 'node:crypto';
import { slotPlan } from '../../src/quota/slots';
import type { Database } from '../../src/storage/database';
import { freshDatabase } from '../storage/freshDatabase';
import { ask, HOUR, history, live, MINUTE, processOn, START, signIn, token } from './budgetWorld';

let database: Database;

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

/** 60 slots of a minute, ten calls each. */
const plan = slotPlan(610, 5 * MINUTE);
const newApp = (): string => `us:${randomUUID()}`;

describe('a 429', () => {
  test('stops the app in all processes for as long as Dexcom asks, and no other app', async () => {
    const clock = { now: START };
    const app = newApp();
    const [worker, other, foreign] = [
      processOn(database, app, plan, clock),
      processOn(database, app, plan, clock),
      processOn(database, newApp(), plan, clock),
    ];
    expect(await ask(worker, live)).toBeNull();
    expect(await worker.refused(live, 10 * MINUTE)).toBeGreaterThanOrEqual(10 * MINUTE);

    for (const turn of [signIn, token, live, history]) {
      expect(await ask(worker, turn)).toBeGreaterThanOrEqual(10 * MINUTE);
      expect(await ask(other, turn)).toBeGreaterThanOrEqual(10 * MINUTE);
    }
    expect(await ask(foreign, live)).toBeNull();
    clock.now += 10 * MINUTE;
    expect(await ask(other, live)).toBeNull();
  });

  test('met by many at once closes once, and longer each time it is met again soon', async () => {
    const clock = { now: START };
    const worker = processOn(database, newApp(), plan, clock);
    const closedFor = async (): Promise<number> => {
      const waits = await Promise.all(Array.from({ length: 5 }, () => worker.refused(token, null)));
      expect(new Set(waits).size).toBe(1);
      // Tokens come back half a slot later here.
      return (waits[0] ?? 0) / MINUTE - 0.5;
    };
    const closings: number[] = [];
    for (let n = 0; n < 6; n++) {
      const slots = await closedFor();
      closings.push(slots);
      clock.now += slots * MINUTE;
    }
    expect(closings).toEqual([1, 2, 4, 8, 11, 11]);
    clock.now += HOUR;
    expect(await closedFor()).toBe(1);
  });

  test('that asks for no wait again and again is waited for all the same', async () => {
    const clock = { now: START };
    const worker = processOn(database, newApp(), plan, clock);
    const waits: number[] = [];
    for (let n = 0; n < 4; n++) {
      const waitMs = (await worker.refused(signIn, 0)) - 0.05 * MINUTE;
      waits.push(waitMs / MINUTE);
      clock.now += waitMs;
    }
    expect(waits).toEqual([0, 0, 4, 8]);
  });

  test('told by a clock that was days ahead closes nothing once it is right again', async () => {
    const [clock, app] = [{ now: START + 50 * HOUR }, newApp()];
    const worker = processOn(database, app, plan, clock);
    await worker.refused(live, HOUR);
    clock.now = START;
    expect(await ask(worker, live)).toBeNull();
    expect(await ask(processOn(database, app, plan, clock), live)).toBeNull();
    await worker.refused(live, 10 * MINUTE);
    expect(await ask(worker, live)).toBeGreaterThanOrEqual(10 * MINUTE);
  });
});
