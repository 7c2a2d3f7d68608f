import type { ConnectServices } from '../../src/connect/connectServices';
import type { DexcomClient } from '../../src/dexcom/client';
import { eventually } from '../engine/eventually';
import { gatedDb } from '../sync/gatedDb';
import { createStrikes, type Strikes } from '../sync/strikes';
import { type Link, type LinkWorld, openLinkWorld } from './linkWorld';

/**
 * A world whose API can be struck between any two of its steps: each operation on the database, each call to Dexcom, each call to Temporal.
 * One that is struck dead takes no further step, as after SIGKILL; one that sleeps goes on where it was, as after SIGSTOP and SIGCONT.
 */
export interface InterruptedWorld extends LinkWorld, Pick<Strikes, 'strike'> {
  /** Begins `work`, before whose step `number` the API falls asleep, once; everybody else goes on. Returns when it sleeps, or has ended. */
  lull<T>(number: number, work: () => Promise<T>): Promise<Lulled<T>>;
  /** A consent whose API died right after it was kept. */
  unsettledConsent(userId: string): Promise<Link>;
}

export interface Lulled<T> {
  /** False if it had fewer steps: it has ended. */
  readonly slept: boolean;
  /** Lets it go on. @returns what it ends with */
  wake(): Promise<T>;
}

/** A callback's steps up to the one that ends its session: read, user, read, claim, exchange, consume. */
export const CONSUMED_AFTER = 6;

const LEASE_MS = 150;

export async function openInterruptedWorld(): Promise<InterruptedWorld> {
  const { pass, strike, guard } = createStrikes();
  const world = await openLinkWorld({
    over: (db) => gatedDb(db, pass),
    change: ({ dexcom, workflows }) => ({
      dexcom: {
        ...dexcom,
        clientFor: async (wanted) => gated(await dexcom.clientFor(wanted), pass, ['exchangeCode', 'refresh', 'dataRange']),
      },
      workflows: gated(workflows, pass, ['ensureRunning', 'tell']),
      linkTiming: { leaseMs: LEASE_MS, exchangeMs: 20_000, waitMs: 10_000 },
    }),
  });

  return {
    ...world,
    strike,

    async lull(number, work) {
      let steps = 0;
      let asleep = false;
      let wake = (): void => undefined;
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      guard(async () => {
        if (steps++ !== number) return;
        asleep = true;
        await woken;
      });
      let ended = false;
      const ending = work().finally(() => {
        ended = true;
      });
      // Whoever wakes it meets its failure.
      ending.catch(() => undefined);
      await eventually(() => expect(ended || asleep).toBe(true), { everyMs: 10 });
      steps = Infinity;
      return {
        slept: asleep,
        wake() {
          wake();
          return ending;
        },
      };
    },

    async unsettledConsent(userId) {
      const link = await world.begin(userId);
      const callback = await world.approve(link);
      const revive = strike(CONSUMED_AFTER);
      await world.open(callback);
      revive();
      const { unfinished } = await world.sessionOf(link);
      if (!unfinished) throw new Error('the consent was not kept, or is settled');
      return link;
    },
  };
}

function gated<T extends DexcomClient | ConnectServices['workflows']>(target: T, pass: Strikes['pass'], steps: readonly string[]): T {
  return new Proxy(target, {
    get(_, key) {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function' || !steps.includes(String(key))) return member;
      return async (...args: unknown[]) => {
        await pass();
        return Reflect.apply(member, target, args);
      };
    },
  });
}
