import { join } from 'node:path';
import { makeOpenFolder } from '../../install/openFolder';
import { type RunningServer, runServer } from '../../processes/runServer';
import { ServerProcess } from '../../processes/serverProcess';
import type { DatabaseProgram } from '../obtain';
import { whyNot } from '../reach';
import type { DatabasePlace } from '../start';

/** A single mongod. @throws Problem */
export function runMongod(
  { command, installation, taken }: Extract<DatabaseProgram, { kind: 'mongod' }>,
  { folder, uri, port }: DatabasePlace,
): Promise<RunningServer> {
  const data = join(folder, 'mongod');
  makeOpenFolder(data);
  return runServer(taken, async () => {
    const process = new ServerProcess({
      name: 'mongod',
      command,
      installation,
      args: ['--dbpath', data, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket', '--wiredTigerCacheSizeGB', '0.5'],
      folder,
    });
    await process.untilReady(async () => (await whyNot(uri)) === null);
    return [process];
  });
}
