import type { Collection, Db } from 'mongodb';
import type { CollectionIndexes } from './collectionIndexes';
import { insertOnce } from './insertOnce';

/** What one Dexcom app's calls of one slot of time have come to, in all processes. Instants are Unix milliseconds. */
export interface CallSlotDoc {
  /** `<app>:<startsAt>` */
  readonly _id: string;
  readonly app: string;
  readonly startsAt: number;
  /** Leased, whether they were sent or lost with a worker. Never falls. */
  readonly taken: number;
  /** Of those, for readings, live and history. */
  readonly polls: number;
  /** Of those, for history. */
  readonly history: number;
  /** What the slot before had leased for sign-ins and tokens … */
  readonly accessBefore: number;
  /** … and for live polls. */
  readonly liveBefore: number;
  /** See `nextPace`, as `short`. */
  readonly paceMs: number;
  readonly short: number;
}

/** What a new slot takes from the one before. */
export type CallSlotStart = Pick<CallSlotDoc, 'accessBefore' | 'liveBefore' | 'paceMs'>;

export const callSlotIndexes: CollectionIndexes = {
  collection: 'call_budget',
  indexes: [{ name: 'app', key: { app: 1, startsAt: -1 } }],
};

/** Longer than clocks are apart: whose is ahead by hours must not drop the slot the others are in. */
const KEPT_MS = 24 * 3_600_000;

/** The collection `call_budget`. */
export class CallSlots {
  private readonly docs: Collection<CallSlotDoc>;

  constructor(db: Db) {
    this.docs = db.collection<CallSlotDoc>(callSlotIndexes.collection);
  }

  /** The slot as it stands; made if this is the first to come, who drops what nobody asks for any more. */
  async open(app: string, startsAt: number, startAfter: (before: CallSlotDoc | null) => CallSlotStart): Promise<CallSlotDoc> {
    const _id = idOf(app, startsAt);
    const found = await this.docs.findOne({ _id });
    if (found) return found;
    const [before = null] = await this.docs
      .find({ app, startsAt: { $lt: startsAt } })
      .sort({ startsAt: -1 })
      .limit(1)
      .toArray();
    const slot: CallSlotDoc = { _id, app, startsAt, taken: 0, polls: 0, history: 0, short: 0, ...startAfter(before) };
    if (!(await insertOnce(this.docs, slot))) return (await this.docs.findOne({ _id })) ?? slot;
    await this.docs.deleteMany({ app, startsAt: { $lt: startsAt - KEPT_MS } });
    return slot;
  }

  /**
   * Leases as many of `wanted` calls as its ceilings allow, by one conditional update: of any number at once none goes over it.
   * @returns how many, and what is taken by then; 0 if there are none, or the slot was dropped by somebody whose clock is a day ahead
   */
  async take(
    { app, startsAt }: Pick<CallSlotDoc, 'app' | 'startsAt'>,
    wanted: number,
    { taken, polls = Infinity, history = Infinity }: { readonly taken: number; readonly polls?: number; readonly history?: number },
  ): Promise<{ readonly calls: number; readonly taken: number }> {
    const _id = idOf(app, startsAt);
    for (let calls = wanted; ; ) {
      const ofPolls = polls === Infinity ? {} : { polls: { $lte: polls - calls } };
      const ofHistory = history === Infinity ? {} : { history: { $lte: history - calls } };
      const filter = { _id, taken: { $lte: taken - calls }, ...ofPolls, ...ofHistory };
      const change = { $inc: { taken: calls, polls: polls === Infinity ? 0 : calls, history: history === Infinity ? 0 : calls } };
      const before = await this.docs.findOneAndUpdate(filter, change, { returnDocument: 'before' });
      if (before) return { calls, taken: before.taken + calls };

      const found = await this.docs.findOne({ _id });
      if (!found) return { calls: 0, taken };
      calls = Math.min(calls, taken - found.taken, polls - found.polls, history - found.history);
      if (calls <= 0) return { calls: 0, taken: found.taken };
    }
  }

  /** So many more whose turn it was found nothing left. */
  async addShort({ app, startsAt }: Pick<CallSlotDoc, 'app' | 'startsAt'>, times: number): Promise<void> {
    await this.docs.updateOne({ _id: idOf(app, startsAt) }, { $inc: { short: times } });
  }
}

const idOf = (app: string, startsAt: number): string => `${app}:${startsAt}`;
