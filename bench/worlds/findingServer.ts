import { readFileSync } from 'node:fs';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { MongoClient } from 'mongodb';
import { z } from 'zod';

const Given = z.object({
  file: z.string(),
  uri: z.string(),
  database: z.string(),
  teamId: z.string(),
  userId: z.string(),
  dayIds: z.array(z.string()),
});

/** What `findingServer` is given, as JSON. */
export type FindingServer = z.infer<typeof Given>;

interface Doc {
  readonly _id: string;
}

/** `bareServer` that asks the database before it sends: for the user, its connections and its days, by the raw driver, and looks at none of them. */
async function main(given: string): Promise<void> {
  const { file, uri, database, teamId, userId, dayIds } = Given.parse(JSON.parse(given));
  const bytes = new Uint8Array(readFileSync(file));
  const db = (await MongoClient.connect(uri)).db(database);
  const find = (collection: string, filter: object) => db.collection<Doc>(collection).find(filter).toArray();

  const app = new Hono().get('/', async (c) => {
    await Promise.all([
      find('users', { _id: userId, teamId, deletion: null }),
      find('connections', { teamId, userId }),
      find('glucose_days', { _id: { $in: dayIds }, teamId }),
    ]);
    return c.body(bytes, 200, { 'content-type': 'application/json' });
  });
  serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => console.log(JSON.stringify({ port })));
  process.once('SIGTERM', () => process.exit(0));
}

void main(process.argv[2] ?? '');
