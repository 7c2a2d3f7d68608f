import { EventEmitter, once } from 'node:events';
import type { Gate } from './gatedDb';

export interface SleepingGate {
  readonly gate: Gate;
  /** Lets the work run until it falls asleep or ends. @returns whether it sleeps */
  asleepBefore(ended: Promise<unknown>): Promise<boolean>;
  wake(): void;
}

/** A gate whose process falls asleep before its operation `at`, as under SIGSTOP, and goes on when it is woken. */
export function sleepingGate(at: number): SleepingGate {
  const events = new EventEmitter();
  const asleep = once(events, 'asleep').then(() => true);
  const woken = once(events, 'wake');
  return {
    gate: async (operation) => {
      if (operation < at) return;
      events.emit('asleep');
      await woken;
    },
    asleepBefore: (ended) => Promise.race([asleep, ended.then(() => false)]),
    wake: () => void events.emit('wake'),
  };
}
