import { Client, Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import { startDatabase, startTemporal } from '../../local/servers';

async function withMongo<T>(uri: string, use: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

test('a database killed with all its processes comes back on the same port with every acknowledged write', async () => {
  const database = await startDatabase();
  try {
    const written = await withMongo(database.uri, async (client) => {
      const things = client.db('kill').collection<{ _id: number }>('things');
      for (let i = 0; i < 50; i++) await things.insertOne({ _id: i }, { writeConcern: { w: 'majority', journal: true } });
      const killed = database.pids();
      await database.kill();
      expect(killed.length).toBeGreaterThan(0);
      expect(database.pids()).toEqual([]);
      return 50;
    });
    await database.restart();
    const found = await withMongo(database.uri, (client) => client.db('kill').collection('things').countDocuments());
    expect(found).toBe(written);
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
