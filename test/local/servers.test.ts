import { chmodSync, mkdirSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import { areRoot } from '../../local/processes/serverUser';
import { throwawayFolder } from '../../local/processes/throwaway';
import { startDatabase, startTemporal } from '../../local/servers';

async function withMongo<T>(uri: string, use: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

interface Thing {
  _id: number;
  readonly writtenAt: number;
  readonly word: string;
}

/** Things written over and over, in several indexes each: what a busy engine does to its connections. */
async function rewrite(client: MongoClient, times: number): Promise<void> {
  const things = client.db('kill').collection<Thing>('things');
  const write = (n: number) =>
    things.findOneAndUpdate({ _id: n % 50 }, { $set: { writtenAt: Date.now() + ((n * 7919) % 100_000), word: `${n * 31_337}` } });
  for (let n = 0; n < times; n += 10) await Promise.all(Array.from({ length: 10 }, (_, more) => write(n + more)));
}

test('a database killed with all its processes comes back on the same port with every acknowledged write, and its indexes work', async () => {
  const database = await startDatabase();
  try {
    const written = await withMongo(database.uri, async (client) => {
      const things = client.db('kill').collection<Thing>('things');
      for (const key of ['writtenAt', 'word'] as const) await things.createIndex({ [key]: 1, _id: 1 });
      for (let i = 0; i < 50; i++)
        await things.insertOne({ _id: i, writtenAt: i, word: '' }, { writeConcern: { w: 'majority', journal: true } });
      await rewrite(client, 2_000);
      const killed = database.pids();
      await database.kill();
      expect(killed.length).toBeGreaterThan(0);
      expect(database.pids()).toEqual([]);
      return 50;
    });
    await database.restart();
    await withMongo(`${database.uri}?socketTimeoutMS=30000`, async (client) => {
      const things = client.db('kill').collection<Thing>('things');
      expect(await things.countDocuments()).toBe(written);
      await rewrite(client, 500);
      expect(
        await things
          .find({ writtenAt: { $gt: 0 } })
          .sort({ writtenAt: 1 })
          .toArray(),
      ).toHaveLength(written);
    });
  } finally {
    await database.discard();
  }
});

test('a Temporal server killed with all its processes comes back on the same port with its workflows', async () => {
  const temporal = await startTemporal();
  try {
    const first = await Connection.connect({ address: temporal.address });
    await new Client({ connection: first }).workflow.start('never', { workflowId: 'kept', taskQueue: 'nobody' });
    await first.close();
    await temporal.kill();
    await temporal.restart();

    const second = await Connection.connect({ address: temporal.address });
    const { status } = await new Client({ connection: second }).workflow.getHandle('kept').describe();
    await second.close();
    expect(status.name).toBe('RUNNING');
  } finally {
    await temporal.discard();
  }
});

test('a database below a folder that only we may enter starts all the same, and comes back to its data', async () => {
  const closed = join(throwawayFolder(), 'closed');
  mkdirSync(closed);
  chmodSync(closed, 0o700);
  const dataDir = join(closed, 'database');
  const database = await startDatabase({ dataDir });
  try {
    await withMongo(database.uri, (client) => client.db('closed').collection('things').insertOne({}));
    await database.restart();
    expect(await withMongo(database.uri, (client) => client.db('closed').collection('things').countDocuments())).toBe(1);
  } finally {
    await database.stop();
    // As root its files lie elsewhere, linked to: PostgreSQL's user could not enter here.
    if (areRoot() && database.kind === 'ferretdb') rmSync(readlinkSync(join(dataDir, 'data')), { recursive: true });
    await database.discard();
  }
});
