import type { CallTurn } from '../dexcom/callGate';
import type { CallSlotDoc } from '../storage/callSlots';

type Kind = CallTurn['kind'];
type Counts = Record<Kind, number>;

const none = (): Counts => ({ signIn: 0, token: 0, live: 0, history: 0 });

/** One slot as one process knows it: what it has leased, sent, and found empty. Ends with the slot, and what is left in it with it. */
export class LocalSlot {
  /** Read when the first call asks. */
  facts: Pick<CallSlotDoc, 'paceMs' | 'accessBefore' | 'liveBefore'> | null = null;
  /** How often somebody whose turn it was found nothing left … */
  short = 0;
  /** … and how much of that the others know. */
  toldShort = 0;
  readonly sent: Counts = none();
  readonly leased: Counts = none();
  private readonly empty = new Set<Kind>();

  constructor(
    readonly startsAt: number,
    readonly endsAt: number,
    /** Of the slot before. */
    readonly sentBefore: Readonly<Counts> = none(),
  ) {}

  /** Takes a call out of what is leased. @returns whether there was one */
  spend(kind: Kind): boolean {
    if (this.sent[kind] >= this.leased[kind]) return false;
    this.sent[kind]++;
    return true;
  }

  /** Nothing can be leased for it any more: a slot's counts never fall. */
  isEmpty(kind: Kind): boolean {
    return this.empty.has(kind);
  }

  add(kind: Kind, calls: number): void {
    if (calls === 0) this.empty.add(kind);
    this.leased[kind] += calls;
  }
}
