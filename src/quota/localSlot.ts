import type { CallTurn } from '../dexcom/callGate';
import type { CallSlotDoc } from '../storage/callSlots';
import { type LeaseKind, spendsFrom } from './shares';

type Counts = Record<LeaseKind, number>;

const none = (): Counts => ({ reserve: 0, live: 0, history: 0 });

/** One slot as one process knows it: what it has leased, sent, and found empty. Ends with the slot, and what is left in it with it. */
export class LocalSlot {
  /** Read when the first call asks. */
  facts: Pick<CallSlotDoc, 'paceMs' | 'liveBefore'> | null = null;
  /** How often somebody whose turn it was found nothing left … */
  short = 0;
  /** … and how much of that the others know. */
  toldShort = 0;
  readonly sent: Counts = none();
  readonly leased: Counts = none();
  private readonly left: Counts = none();
  private readonly empty = new Set<LeaseKind>();

  constructor(
    readonly startsAt: number,
    readonly endsAt: number,
    /** Of the slot before. */
    readonly sentBefore: Readonly<Counts> = none(),
  ) {}

  /** Takes a call out of what is leased. @returns whether there was one */
  spend(kind: CallTurn['kind']): boolean {
    const from = spendsFrom[kind].find((lease) => this.left[lease] > 0);
    if (from === undefined) return false;
    this.left[from]--;
    this.sent[from]++;
    return true;
  }

  /** What to lease for a call; null if the slot has nothing left for it. */
  toLease(kind: CallTurn['kind']): LeaseKind | null {
    return spendsFrom[kind].find((lease) => !this.empty.has(lease)) ?? null;
  }

  add(kind: LeaseKind, calls: number): void {
    if (calls === 0) this.empty.add(kind);
    this.left[kind] += calls;
    this.leased[kind] += calls;
  }
}
