import type { Collection, Db } from 'mongodb';
import { insertOnce } from './insertOnce';

/** How far the numbers of a connection's messages have gone. */
export interface MessageSequenceDoc {
  /** The connection. */
  readonly _id: string;
  readonly teamId: string;
  readonly last: number;
}

/** The collection `message_sequences`. */
export class MessageSequences {
  private readonly docs: Collection<MessageSequenceDoc>;

  constructor(db: Db) {
    this.docs = db.collection<MessageSequenceDoc>('message_sequences');
  }

  /** Takes `count` numbers in a row, each above every one taken before. What is not used is a gap. @returns the first of them */
  async take(teamId: string, connectionId: string, count: number): Promise<number> {
    for (;;) {
      const before = await this.docs.findOneAndUpdate(
        { _id: connectionId, teamId },
        { $inc: { last: count } },
        { returnDocument: 'before' },
      );
      if (before) return before.last + 1;
      if (await insertOnce(this.docs, { _id: connectionId, teamId, last: count })) return 1;
    }
  }

  async erase(teamId: string, connectionIds: readonly string[]): Promise<void> {
    await this.docs.deleteMany({ _id: { $in: [...connectionIds] }, teamId });
  }
}
