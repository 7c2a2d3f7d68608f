import { randomUUID } from 'node:crypto';
import { dayId, dayIds, dayStart } from '../../src/storage/glucoseDays';
import { fortnight } from './fortnight';
import { storedYear } from './storedYear';

interface Doc {
  readonly _id: string;
}

/** As many people as said beside the one of the stored year, each with the same fortnight of readings. @returns their ids */
export async function manyPeople(count: number): Promise<readonly string[]> {
  const { world, connection } = await storedYear();
  const { db } = world.database;
  const [users, connections, days] = [db.collection<Doc>('users'), db.collection<Doc>('connections'), db.collection<Doc>('glucose_days')];
  const user = await users.findOne({ _id: connection.userId });
  const model = await connections.findOne({ _id: connection._id });
  const fortnightOf = await days.find({ _id: { $in: dayIds(connection._id, fortnight()) } }).toArray();
  if (!user || !model || fortnightOf.length === 0) throw new Error('nobody to be like');

  const ids = Array.from({ length: count }, () => randomUUID());
  for (const userId of ids) {
    const connectionId = randomUUID();
    await users.insertOne({ ...user, _id: userId });
    await connections.insertOne({ ...model, ...{ userId }, _id: connectionId });
    await days.insertMany(fortnightOf.map((day) => ({ ...day, ...{ userId, connectionId }, _id: dayId(connectionId, dayStart(day._id)) })));
  }
  return ids;
}
