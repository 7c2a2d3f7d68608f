import type { ConnectServices } from '../../src/connect/connectServices';
import type { DexcomClient } from '../../src/dexcom/client';
import { gatedDb } from '../sync/gatedDb';
import { createStrikes, type Strikes } from '../sync/strikes';
import { type LinkWorld, openLinkWorld } from './linkWorld';

/**
 * A world whose API can be struck between any two of its steps: each operation on the database, each call to Dexcom, each call to Temporal.
 * One that is struck dead takes no further step, as after SIGKILL; one that sleeps goes on where it was, as after SIGSTOP and SIGCONT.
 */
export interface InterruptedWorld extends LinkWorld, Pick<Strikes, 'strike'> {
  /** The API falls asleep before its step `number`, once; everybody else goes on. */
  lull(number: number): Sleeper;
}

export interface Sleeper {
  isAsleep(): boolean;
  /** Nobody falls asleep any more. @returns whether somebody did */
  lullNoMore(): boolean;
  wake(): void;
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
    lull(number) {
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
      const lullNoMore = (): boolean => {
        steps = Infinity;
        return asleep;
      };
      return { isAsleep: () => asleep, lullNoMore, wake };
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
