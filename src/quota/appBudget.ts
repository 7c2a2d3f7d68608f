import type { CallTurn } from '../dexcom/callGate';
import { DexcomError } from '../dexcom/errors';
import type { CallClosings } from '../storage/callClosings';
import type { CallSlots } from '../storage/callSlots';
import { type Closing, closedForMs, closingAfter } from './closing';
import { LocalSlot } from './localSlot';
import type { CallMeter } from './meter';
import { nextPace } from './pace';
import { blockOf, ceilingOf, type LeasedBefore } from './shares';
import { type SlotPlan, slotAt } from './slots';
import { waitForOpening, waitForSlot, waitForTurn } from './waits';

export interface BudgetDeps {
  readonly slots: Pick<CallSlots, 'open' | 'take' | 'addShort'>;
  readonly closings: Pick<CallClosings, 'read' | 'close'>;
  readonly meter: CallMeter;
  readonly now: () => number;
  /** 0 … 1 */
  readonly random: () => number;
}

/**
 * One app's calls as one process sends them. It leases them in blocks and spends a block only in the slot it was leased for, so however many
 * processes there are and whichever of them die, no slot has more calls than were leased in it.
 *
 * Database turns of a quiet process in a slot: 2, when the first call asks, or 4 and a purge if nobody was there before,
 * and one for each other kind of call; per call none.
 */
export class AppBudget {
  private slot = new LocalSlot(0, 0);
  private closedUntil = 0;
  private readonly running = new Map<string, Promise<void>>();
  private readonly waiting: Record<CallTurn['kind'], number> = { signIn: 0, token: 0, live: 0, history: 0 };

  constructor(
    private readonly app: string,
    private readonly plan: SlotPlan,
    private readonly deps: BudgetDeps,
  ) {}

  /** @throws DexcomError `budget_spent` */
  async admit(turn: CallTurn): Promise<void> {
    this.waiting[turn.kind]++;
    try {
      while (!(await this.isAdmitted(turn)));
    } finally {
      this.waiting[turn.kind]--;
    }
    this.deps.meter.sent(this.app, turn.kind);
  }

  async refused(turn: CallTurn, retryAfterMs: number | null): Promise<number> {
    this.deps.meter.refused(this.app, turn.kind);
    const { now, random, closings } = this.deps;
    const closing = await closings.close(this.app, (before) => closingAfter(before, now(), retryAfterMs, this.plan));
    this.learnClosing(closing);
    return waitForOpening(turn.kind, this.closedForMs(), this.plan, random());
  }

  /** @returns false if it is to be asked again: something was read or leased meanwhile */
  private async isAdmitted(turn: CallTurn): Promise<boolean> {
    const now = this.deps.now();
    const closedMs = this.closedForMs();
    if (closedMs > 0) throw this.putOff(turn, 'closed', closedMs);

    const slot = this.slotNow(now);
    if (!slot.facts) {
      await this.once(`open ${slot.startsAt}`, () => this.open(slot));
      return false;
    }
    const turnInMs = turn.kind === 'live' ? turn.since + slot.facts.paceMs - now : 0;
    if (turnInMs > 0 && slot.facts.paceMs > 0) throw this.putOff(turn, 'turn', turnInMs);
    if (slot.spend(turn.kind)) return true;

    if (slot.isEmpty(turn.kind)) {
      if (turn.kind === 'live') await this.tellShort(slot);
      throw this.putOff(turn, 'empty', slot.endsAt - now);
    }
    const { facts } = slot;
    await this.once(`${turn.kind} ${slot.startsAt}`, () => this.lease(slot, facts, turn.kind));
    return false;
  }

  private slotNow(now: number): LocalSlot {
    const { startsAt, endsAt } = slotAt(now, this.plan);
    if (this.slot.startsAt !== startsAt)
      this.slot = new LocalSlot(startsAt, endsAt, this.slot.endsAt === startsAt ? this.slot.sent : undefined);
    return this.slot;
  }

  private async open(slot: LocalSlot): Promise<void> {
    const [facts] = await Promise.all([
      this.deps.slots.open(this.app, slot.startsAt, (before) => ({
        paceMs: nextPace(before, slot.startsAt, this.plan),
        accessBefore: before ? before.taken - before.polls : 0,
        liveBefore: before ? before.polls - before.history : 0,
      })),
      this.readClosing(),
    ]);
    slot.facts = facts;
  }

  private async lease(slot: LocalSlot, before: LeasedBefore, kind: CallTurn['kind']): Promise<void> {
    const use = { before: slot.sentBefore[kind], leased: slot.leased[kind], waiting: this.waiting[kind] };
    const wanted = blockOf(kind, use, this.plan);
    const most = ceilingOf(kind, this.plan, before);
    const [{ calls, taken }] = await Promise.all([
      this.deps.slots.take({ app: this.app, startsAt: slot.startsAt }, wanted, most),
      this.readClosing(),
    ]);
    slot.add(kind, calls);
    this.deps.meter.left(this.app, this.plan.calls - taken);
  }

  private async readClosing(): Promise<void> {
    this.learnClosing(await this.deps.closings.read(this.app));
  }

  /** What was read may be older than what is known. */
  private learnClosing(closing: Closing | null): void {
    this.closedUntil = Math.max(this.closedForMs() > 0 ? this.closedUntil : 0, closing?.closedUntil ?? 0);
  }

  private closedForMs(): number {
    return closedForMs(this.closedUntil, this.deps.now(), this.plan);
  }

  private async tellShort(slot: LocalSlot): Promise<void> {
    slot.short++;
    // Told as it doubles: a storm costs a few writes.
    if (slot.short < 2 * slot.toldShort) return;
    const more = slot.short - slot.toldShort;
    slot.toldShort = slot.short;
    await this.deps.slots.addShort({ app: this.app, startsAt: slot.startsAt }, more);
  }

  private putOff({ kind }: CallTurn, why: 'empty' | 'closed' | 'turn', leftMs: number): DexcomError {
    const { random, meter } = this.deps;
    meter.putOff(this.app, kind, why);
    const wait = {
      empty: () => waitForSlot(kind, leftMs, this.plan, random()),
      closed: () => waitForOpening(kind, leftMs, this.plan, random()),
    };
    const waitMs = why === 'turn' ? waitForTurn(leftMs, this.plan, random()) : wait[why]();
    return new DexcomError('budget_spent', `the Dexcom app has no calls left for ${kind} just now`, null, waitMs);
  }

  /** What several wait for is done once. */
  private once(what: string, work: () => Promise<void>): Promise<void> {
    const running = this.running.get(what) ?? work().finally(() => this.running.delete(what));
    this.running.set(what, running);
    return running;
  }
}
