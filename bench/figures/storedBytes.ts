import { BSON } from 'mongodb';
import { databaseServer } from '../../src/storage/health';
import type { Figure } from '../figure';
import { sum } from '../statistics';
import { storedYear, YEAR_DAYS } from '../worlds/storedYear';

/** What a year of one person takes in the database, beside the BSON of the same documents. */
export const storedBytes: Figure = {
  name: 'storedBytes',

  async measure() {
    const { world, connection } = await storedYear();
    const { db } = world.database;
    const server = await databaseServer(db);
    const days = await db.collection('glucose_days').find().toArray();
    if (days.some(({ userId }) => userId !== connection.userId))
      throw new Error('days of others count too: their bytes cannot be told apart');
    const bson = sum(days.map((day) => BSON.calculateObjectSize(day)));
    const readings = await world.deps.glucoseDays.countReadings(connection);

    await checkpoint();
    const { storageSize = 0, totalIndexSize = 0 } = await db.command({ collStats: 'glucose_days' });
    const onDisk = Number(storageSize) + Number(totalIndexSize);
    return {
      measurements: [
        {
          figure: `stored bytes per reading, ${server}`,
          goal: { of: 'measured', is: 'at most', value: 40 },
          measured: { value: onDisk / readings, unit: 'bytes' },
          floor: { value: bson / readings, unit: 'bytes of BSON' },
        },
      ],
      notes: [
        `${readings} readings of ${YEAR_DAYS} days in ${days.length} documents: collStats says ${kB(Number(storageSize))} of data and ${kB(Number(totalIndexSize))} of indexes; ` +
          'one record id alone is 16 bytes',
      ],
    };

    /** Not every server has one to ask for; what it says is on disk then is what it has allocated. */
    async function checkpoint(): Promise<void> {
      await db
        .admin()
        .command({ fsync: 1 })
        .catch(() => undefined);
    }
  },
};

const kB = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;
