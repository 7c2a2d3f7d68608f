import type { Collection, Db } from 'mongodb';
import { insertOnce } from './insertOnce';

/** Until when a Dexcom app sends nothing, in any process. Instants are Unix milliseconds. */
export interface CallClosingDoc {
  /** The app. */
  readonly _id: string;
  readonly closedUntil: number;
  readonly inARow: number;
  /** Raised by every change. */
  readonly rev: number;
}

type Closing = Omit<CallClosingDoc, '_id' | 'rev'>;

/** The collection `call_closings`: found by `_id` alone. */
export class CallClosings {
  private readonly docs: Collection<CallClosingDoc>;

  constructor(db: Db) {
    this.docs = db.collection<CallClosingDoc>('call_closings');
  }

  async read(app: string): Promise<Closing | null> {
    return this.docs.findOne({ _id: app });
  }

  /** Closes the app as `next` says; null leaves it as it is. Of two at once the second decides by what the first has written. */
  async close(app: string, next: (before: Closing | null) => Closing | null): Promise<Closing | null> {
    for (;;) {
      const before = await this.docs.findOne({ _id: app });
      const closing = next(before);
      if (!closing) return before;
      const doc = { _id: app, ...closing, rev: (before?.rev ?? 0) + 1 };
      if (before ? await this.replaced(doc, before.rev) : await insertOnce(this.docs, doc)) return closing;
    }
  }

  private async replaced(doc: CallClosingDoc, rev: number): Promise<boolean> {
    const { matchedCount } = await this.docs.replaceOne({ _id: doc._id, rev }, doc);
    return matchedCount === 1;
  }
}
