import { type Collection, MongoBulkWriteError, MongoServerError } from 'mongodb';
import { type Database, openDatabase } from '../../src/storage/database';
import { isDuplicateKey } from '../../src/storage/duplicateKey';
import { databaseServer, pingDatabase } from '../../src/storage/health';
import { ensureIndexes } from '../../src/storage/indexes';
import { mongodbUri } from '../servers';
import { freshDatabase } from './freshDatabase';

interface Doc {
  readonly _id: string;
  readonly version?: number;
  readonly by?: number;
  readonly n?: number | null;
  readonly unpublished?: boolean;
  readonly list?: readonly { readonly from: number }[];
  readonly codes?: readonly string[];
  readonly nested?: { readonly a: number | null; readonly b?: number } | null;
}

const FIFTY = Array.from({ length: 50 }, (_, i) => i);

/** What docs/storage.md lets our code rely on, asked of whichever server is there. */
describe('the operations our protocols stand on', () => {
  let database: Database;
  let docs: Collection<Doc>;

  beforeAll(async () => {
    database = await freshDatabase();
    process.stdout.write(`operations contract: ${await databaseServer(database.db)}\n`);
  });
  beforeEach(() => {
    docs = database.db.collection<Doc>(`docs_${Math.random().toString(36).slice(2)}`);
  });
  afterAll(() => database.close());

  const winners = (outcomes: readonly boolean[]) => outcomes.filter(Boolean).length;

  test('of 50 inserts of one id at once exactly one succeeds, and the others are told a duplicate key', async () => {
    for (let round = 0; round < 5; round++) {
      const outcomes = await Promise.all(FIFTY.map((by) => inserted({ _id: `once-${round}`, by })));
      expect(winners(outcomes)).toBe(1);
      const stored = await docs.findOne({ _id: `once-${round}` });
      expect(stored?.by).toBe(outcomes.indexOf(true));
    }
  });

  test('of inserts of many that overlap, all in ascending order, each id is the one of exactly one of them, and the others are told which by index', async () => {
    for (let round = 0; round < 5; round++) {
      const idOf = (n: number) => `many-${round}-${String(n).padStart(2, '0')}`;
      await docs.insertOne({ _id: idOf(7), by: -1 });
      const writers = Array.from({ length: 6 }, (_, by) => {
        // In opposite orders a server that locks each id until the end would end one of two writers that wait for each other.
        return FIFTY.slice(by * 4, by * 4 + 30).map((n) => ({ _id: idOf(n), by }));
      });
      const won = await Promise.all(writers.map(insertedOf));

      const stored = await docs.find({ _id: { $gte: idOf(0), $lte: idOf(99) } }).toArray();
      expect(stored).toHaveLength(50);
      for (const { _id, by } of stored) expect(won.flat().filter((doc) => doc._id === _id)).toEqual(by === -1 ? [] : [{ _id, by }]);
    }
  });

  test('of 50 replaces filtered by the same version exactly one wins, and its document is the one that stands', async () => {
    await docs.insertOne({ _id: 'day', version: 0 });
    for (let version = 0; version < 10; version++) {
      const outcomes = await Promise.all(
        FIFTY.map(async (by) => (await docs.replaceOne({ _id: 'day', version }, { version: version + 1, by })).matchedCount === 1),
      );
      expect(winners(outcomes)).toBe(1);
      expect(await docs.findOne({ _id: 'day' })).toEqual({ _id: 'day', version: version + 1, by: outcomes.indexOf(true) });
    }
  });

  test('an update applies only where its whole filter holds', async () => {
    await docs.insertOne({ _id: 'c', version: 3, n: 1, nested: { a: 1 } });
    const changed = async (filter: object) => (await docs.updateOne({ _id: 'c', ...filter }, { $inc: { n: 1 } })).matchedCount;

    expect(await changed({ version: 2 })).toBe(0);
    expect(await changed({ version: { $lt: 3 } })).toBe(0);
    expect(await changed({ 'nested.a': 2 })).toBe(0);
    expect(await changed({ version: { $lte: 3 }, 'nested.a': 1 })).toBe(1);
    expect(await changed({ $or: [{ version: { $lt: 3 } }, { version: 3, n: { $lt: 5 } }] })).toBe(1);
    expect(await docs.findOne({ _id: 'c' })).toEqual({ _id: 'c', version: 3, n: 3, nested: { a: 1 } });
  });

  test('an update that matches but changes nothing still says that it matched', async () => {
    await docs.insertOne({ _id: 'c', n: 1 });
    expect(await docs.updateOne({ _id: 'c', n: 1 }, { $set: { n: 1 } })).toMatchObject({ matchedCount: 1, modifiedCount: 0 });
  });

  test('50 raises of a counter at once are 50, each sees its own', async () => {
    await docs.insertOne({ _id: 'c', n: 0, list: [] });
    const seen = await Promise.all(
      FIFTY.map((from) => docs.findOneAndUpdate({ _id: 'c' }, { $inc: { n: 1 }, $push: { list: { from } } }, { returnDocument: 'before' })),
    );
    expect(new Set(seen.map((before) => before?.n)).size).toBe(50);
    for (const before of seen) expect(before?.list).toHaveLength(before?.n ?? -1);
    expect((await docs.findOne({ _id: 'c' }))?.list).toHaveLength(50);
  });

  test('a raise whose filter does not hold changes nothing and answers null', async () => {
    await docs.insertOne({ _id: 'c', n: 0, by: 1 });
    expect(await docs.findOneAndUpdate({ _id: 'c', by: 2 }, { $inc: { n: 1 } }, { returnDocument: 'before' })).toBeNull();
    expect(await docs.findOne({ _id: 'c' })).toMatchObject({ n: 0 });
  });

  test('a fence over many documents raises the lower ones and never lowers one', async () => {
    await Promise.all([1, 5, 9].map((n) => docs.insertOne({ _id: `d${n}`, n })));
    const ids = ['d1', 'd5', 'd9', 'missing'];
    expect(await docs.updateMany({ _id: { $in: ids }, n: { $lt: 5 } }, { $set: { n: 5 } })).toMatchObject({ matchedCount: 1 });
    expect(
      await docs
        .find({ _id: { $in: ids } })
        .sort({ _id: 1 })
        .toArray(),
    ).toEqual([
      { _id: 'd1', n: 5 },
      { _id: 'd5', n: 5 },
      { _id: 'd9', n: 9 },
    ]);
  });

  test('once a fence is acknowledged no writer below it gets through, however they raced', async () => {
    for (let round = 0; round < 10; round++) {
      const _id = `race-${round}`;
      await docs.insertOne({ _id, version: 0, n: 0 });
      const [, ...writes] = await Promise.all([
        docs.updateMany({ _id: { $in: [_id] }, n: { $lt: 7 } }, { $set: { n: 7 } }),
        ...FIFTY.map(() => docs.replaceOne({ _id, version: 0, n: { $lte: 1 } }, { version: 1, n: 1 })),
      ]);
      expect(writes.filter(({ matchedCount }) => matchedCount === 1).length).toBeLessThanOrEqual(1);
      expect(await docs.findOne({ _id })).toMatchObject({ n: 7 });
      expect((await docs.updateOne({ _id, n: { $lte: 1 } }, { $set: { n: 1 } })).matchedCount).toBe(0);
    }
  });

  test('$max takes the greater and counts null as the least', async () => {
    await docs.insertOne({ _id: 'c', n: null });
    for (const n of [5, 3, 8]) await docs.updateOne({ _id: 'c' }, { $max: { n } });
    expect((await docs.findOne({ _id: 'c' }))?.n).toBe(8);
  });

  test('of 50 pushes of one entry to a list that must not hold it exactly one is made', async () => {
    await docs.insertOne({ _id: 'spent', codes: ['a'] });
    const push = async (code: string) =>
      (await docs.updateOne({ _id: 'spent', codes: { $ne: code } }, { $push: { codes: code } })).matchedCount === 1;
    expect(await push('a')).toBe(false);
    expect(winners(await Promise.all(FIFTY.map(() => push('b'))))).toBe(1);
    expect((await docs.findOne({ _id: 'spent' }))?.codes).toEqual(['a', 'b']);
  });

  test('a field inside is set without touching its neighbours, and an instant keeps all its digits', async () => {
    const instant = 1_795_335_105_438;
    await docs.insertOne({ _id: 'c', nested: { a: null, b: 2 } });
    await docs.updateOne({ _id: 'c', 'nested.a': null }, { $set: { 'nested.a': instant } });
    expect(await docs.findOne({ _id: 'c' })).toEqual({ _id: 'c', nested: { a: instant, b: 2 } });
  });

  test('an acknowledged write is seen by the next read of another client', async () => {
    const other = await openDatabase({ uri: mongodbUri(), name: database.db.databaseName });
    const theirs = other.db.collection<Doc>(docs.collectionName);
    await docs.insertOne({ _id: 'c', n: 0 });
    for (const n of FIFTY) {
      await docs.updateOne({ _id: 'c' }, { $set: { n } });
      expect((await theirs.findOne({ _id: 'c' }))?.n).toBe(n);
    }
    await other.close();
  });

  test('a partial index finds what it holds, and only that', async () => {
    await docs.createIndexes([{ name: 'unpublished', key: { by: 1 }, partialFilterExpression: { unpublished: true } }]);
    await Promise.all(FIFTY.map((n) => docs.insertOne({ _id: `d${n}`, by: n % 2, unpublished: n % 10 === 0 })));
    const ids = (await docs.find({ by: 0, unpublished: true }).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
    expect(ids).toEqual(['d0', 'd10', 'd20', 'd30', 'd40']);
    await docs.updateOne({ _id: 'd20', unpublished: true }, { $set: { unpublished: false } });
    expect(await docs.countDocuments({ by: 0, unpublished: true })).toBe(4);
  });

  test('documents are counted up to a limit', async () => {
    await docs.createIndexes([{ name: 'by', key: { by: 1 } }]);
    await Promise.all(FIFTY.map((n) => docs.insertOne({ _id: `d${n}`, by: n % 2 })));
    expect(await docs.countDocuments({ by: 1 }, { limit: 10 })).toBe(10);
    expect(await docs.countDocuments({ by: 1 }, { limit: 100 })).toBe(25);
    expect(await docs.countDocuments({ by: 2 }, { limit: 10 })).toBe(0);
  });

  test('documents come back in the order of an index, from where the last page ended', async () => {
    await docs.createIndexes([{ name: 'n', key: { by: 1, n: 1 } }]);
    await Promise.all(FIFTY.map((n) => docs.insertOne({ _id: `d${n}`, by: 1, n: (n * 7) % 50 })));
    const page = async (after: number) =>
      docs
        .find({ by: 1, n: { $gt: after } })
        .sort({ n: 1 })
        .limit(20)
        .toArray();
    const [first, second, third] = [await page(-1), await page(19), await page(39)];
    expect([...first, ...second, ...third].map(({ n }) => n)).toEqual(FIFTY);
  });

  test('a write of 300 kB comes back byte for byte', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31) % 256));
    const blobs = database.db.collection<{ _id: string; bytes: Buffer }>(`${docs.collectionName}_blobs`);
    await blobs.insertOne({ _id: 'b', bytes });
    const [back] = await blobs.find({ _id: 'b' }, { promoteBuffers: true }).toArray();
    expect(back && bytes.equals(back.bytes)).toBe(true);
  });

  test('creating the indexes again, by several processes at once, changes nothing', async () => {
    await Promise.all([ensureIndexes(database.db), ensureIndexes(database.db), ensureIndexes(database.db)]);
    const names = (await database.db.collection('connections').indexes()).map(({ name }) => name);
    expect(names.sort()).toEqual(['_id_', 'account', 'consent_end', 'ingestion_end', 'overdue', 'stale', 'unsettled', 'user']);
  });

  test('an address where nobody answers is told at once, not by the first request', async () => {
    const opening = openDatabase({ uri: 'mongodb://127.0.0.1:9/', name: 'x', answerWithinMs: 300 });
    await expect(opening).rejects.toThrow();
    await expect(pingDatabase(database.db)).resolves.toBeUndefined();
  });

  /** @returns those of `all` that this call has inserted */
  async function insertedOf(all: readonly Doc[]): Promise<Doc[]> {
    try {
      await docs.insertMany([...all], { ordered: false });
      return [...all];
    } catch (error) {
      if (!(error instanceof MongoBulkWriteError)) throw error;
      const failed = [error.writeErrors].flat();
      expect(new Set(failed.map(({ code }) => code))).toEqual(new Set([11000]));
      const there = new Set(failed.map(({ index }) => index));
      return all.filter((_, index) => !there.has(index));
    }
  }

  async function inserted(doc: Doc): Promise<boolean> {
    try {
      await docs.insertOne(doc);
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      expect(error).toBeInstanceOf(MongoServerError);
      return false;
    }
  }
});
