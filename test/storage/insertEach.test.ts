import { inspect } from 'node:util';
import type { Collection } from 'mongodb';
import { type Database, IMPATIENT, openDatabase } from '../../src/storage/database';
import { isDatabaseAway } from '../../src/storage/databaseAway';
import { insertEach } from '../../src/storage/insertEach';
import { mongodbUri } from '../servers';
import { gatedDb } from '../sync/gatedDb';
import { TcpProxy } from '../tcpProxy';
import { freshDatabase } from './freshDatabase';

interface Doc {
  readonly _id: string;
  readonly glucose?: string;
  readonly hashed?: readonly number[];
}

describe('inserting each of several documents once', () => {
  let database: Database;
  let docs: Collection<Doc>;

  beforeAll(async () => {
    database = await freshDatabase();
  });
  beforeEach(() => {
    docs = database.db.collection<Doc>(`docs_${Math.random().toString(36).slice(2)}`);
  });
  afterAll(() => database.close());

  const stored = async (): Promise<unknown[]> => (await docs.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
  const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => null,
      (error: unknown) => error,
    );

  test('says which were not there, and leaves the others as they are', async () => {
    await docs.insertOne({ _id: 'b', glucose: 'first' });
    const all = ['a', 'b', 'c'].map((_id) => ({ _id, glucose: 'second' }));
    expect([...(await insertEach(docs, all))]).toEqual([all[0], all[2]]);
    expect((await docs.find().sort({ _id: 1 }).toArray()).map(({ glucose }) => glucose)).toEqual(['second', 'first', 'second']);
    expect([...(await insertEach(docs, all))]).toEqual([]);
    expect([...(await insertEach(docs, []))]).toEqual([]);
  });

  test('inserts in ascending order of their ids, whatever order they come in', async () => {
    const before: unknown[] = [];
    const watched = gatedDb(database.db, async () => void before.push(await stored()));
    await insertEach(
      watched.collection<Doc>(docs.collectionName),
      ['c', 'a', 'b'].map((_id) => ({ _id })),
    );
    expect(before).toEqual([[], ['a'], ['a', 'b']]);
  });

  test('fails if the server refuses one for another reason, whatever else is there already, and shows no document', async () => {
    await docs.insertOne({ _id: 'a' });
    // Such an index takes no lists.
    await docs.createIndex({ hashed: 'hashed' });
    const refused = { _id: 'b', glucose: 'canary', hashed: [1] };
    const error = await thrownBy(insertEach(docs, [{ _id: 'c' }, { _id: 'a' }, refused]));
    expect(error).toBeInstanceOf(Error);
    expect(isDatabaseAway(error)).toBe(false);
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('canary');
    expect(await stored()).toEqual(['a', 'c']);
  });

  test('fails like every other operation where the database is away', async () => {
    const { host } = new URL(mongodbUri());
    const line = await TcpProxy.to(host);
    const behind = await openDatabase({ uri: mongodbUri().replace(host, line.address), name: database.db.databaseName, ...IMPATIENT });
    await line.cut();
    const error = await thrownBy(insertEach(behind.db.collection<Doc>(docs.collectionName), [{ _id: 'a' }]));
    await behind.close();
    expect(isDatabaseAway(error)).toBe(true);
  });
});
