import { Connection } from '@temporalio/client';
import { checkGivenDatabase } from '../local/database/given';
import { startDatabase, startTemporal } from '../local/servers';
import { prepareGivenTemporal } from '../local/temporal/given';
import { openDatabase } from '../src/storage/database';
import { databaseServer } from '../src/storage/health';
import { atEnd } from './atEnd';

export interface ServerAddresses {
  readonly temporal: string;
  readonly mongodb: string;
}

/** Servers of our own, thrown away afterwards, where `TEMPORAL_ADDRESS` and `MONGODB_URI` name none; sets both. @throws Problem */
export async function provideServers(): Promise<ServerAddresses> {
  const { TEMPORAL_ADDRESS, MONGODB_URI } = process.env;
  if (MONGODB_URI) await checkGivenDatabase(MONGODB_URI);
  if (TEMPORAL_ADDRESS) await prepareGivenTemporal(TEMPORAL_ADDRESS);
  const mongodb = MONGODB_URI || kept(await startDatabase()).uri;
  const temporal = TEMPORAL_ADDRESS || kept(await startTemporal()).address;

  process.env.MONGODB_URI = mongodb;
  process.env.TEMPORAL_ADDRESS = temporal;
  return { temporal, mongodb };
}

function kept<Server extends { discard(): Promise<void> }>(server: Server): Server {
  atEnd(() => server.discard());
  return server;
}

/** Which servers answer: figures of another are other figures. */
export async function serverNames({ temporal, mongodb }: ServerAddresses): Promise<string> {
  const database = await openDatabase({ uri: mongodb, name: 'bench' });
  const connection = await Connection.connect({ address: temporal });
  try {
    const { serverVersion } = await connection.workflowService.getSystemInfo({});
    return `Temporal ${serverVersion}, ${await databaseServer(database.db)}`;
  } finally {
    await Promise.all([connection.close(), database.close()]);
  }
}
