import { appendMessages } from './appendMessages';
import type { Feed } from './feed';

interface Waiter {
  readonly position: number;
  readonly settle: (comes: boolean) => void;
  readonly fail: (error: unknown) => void;
}

const LOOK_EVERY_MS = 1_000;
/** Appended at one look; the others come with the next, or with whoever reads. */
const MOST_APPENDED = 250;
/** In this process; whoever comes when it is full does not wait. */
const MOST_WAITING = 1_000;
/** Of one team, so that others may, too. */
export const MOST_WAITING_OF_TEAM = 250;

/** Those who wait for something new in a feed. However many wait for a team's, one look a second is all the database hears of it. */
export class FeedWatch {
  private readonly waiting = new Map<string, Set<Waiter>>();
  private count = 0;
  private isClosed = false;

  constructor(private readonly feed: Feed) {}

  /**
   * Waits until a team's feed goes on behind a position. @returns false if it does not within `forMs`, or the caller has gone, or the process stops
   * @throws what the database throws
   */
  async goesOn(teamId: string, position: number, forMs: number, gone: AbortSignal): Promise<boolean> {
    if (forMs <= 0 || this.isClosed || gone.aborted || this.isFull(teamId)) return false;
    let end = (): void => undefined;
    try {
      return await new Promise<boolean>((settle, fail) => {
        const waiter = { position, settle, fail };
        const leave = (): void => settle(false);
        const timer = setTimeout(leave, forMs);
        gone.addEventListener('abort', leave, { once: true });
        this.enter(teamId, waiter);
        end = () => {
          clearTimeout(timer);
          gone.removeEventListener('abort', leave);
          this.leave(teamId, waiter);
        };
      });
    } finally {
      end();
    }
  }

  /** Nobody waits any more. */
  close(): void {
    this.isClosed = true;
    for (const waiters of this.waiting.values()) for (const { settle } of waiters) settle(false);
  }

  private isFull(teamId: string): boolean {
    return this.count >= MOST_WAITING || (this.waiting.get(teamId)?.size ?? 0) >= MOST_WAITING_OF_TEAM;
  }

  private enter(teamId: string, waiter: Waiter): void {
    this.count++;
    const others = this.waiting.get(teamId);
    if (others) {
      others.add(waiter);
      return;
    }
    const waiters = new Set([waiter]);
    this.waiting.set(teamId, waiters);
    void this.lookWhileAsked(teamId, waiters);
  }

  private leave(teamId: string, waiter: Waiter): void {
    this.count--;
    const waiters = this.waiting.get(teamId);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.waiting.delete(teamId);
  }

  private async lookWhileAsked(teamId: string, waiters: ReadonlySet<Waiter>): Promise<void> {
    for (;;) {
      // Whoever comes has just read.
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      if (this.waiting.get(teamId) !== waiters) return;
      const asked = [...waiters];
      try {
        const known = Math.max(...asked.map(({ position }) => position));
        await appendMessages(this.feed, teamId, known, MOST_APPENDED);
        const end = (await this.feed.entries.tail(teamId, known))?.position ?? 0;
        for (const { position, settle } of asked) if (position !== end) settle(true);
      } catch (error) {
        for (const { fail } of asked) fail(error);
      }
    }
  }
}
