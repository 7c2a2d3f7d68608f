import { existsSync } from 'node:fs';
import { chown, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommandFailed, run } from '../../install/run';
import { problems } from '../../problems';
import { type RunningServer, runServer } from '../../processes/runServer';
import { ServerProcess } from '../../processes/serverProcess';
import { serverUser } from '../../processes/serverUser';
import { enterableFolder } from '../enterableFolder';
import type { DatabaseProgram } from '../obtain';
import { whyNot } from '../reach';
import type { DatabasePlace } from '../start';
import { startPostgres } from './startPostgres';

/** PostgreSQL on a copy of the template, and FerretDB in front of it. @throws Problem */
export async function runFerretdb(
  program: Extract<DatabaseProgram, { kind: 'ferretdb' }>,
  { folder, uri, port, durable }: DatabasePlace,
): Promise<RunningServer> {
  const data = enterableFolder(folder);
  const cluster = join(data, 'cluster');
  if (!existsSync(cluster)) await copyTemplate(program.postgres, cluster);
  const state = join(data, 'ferretdb');
  await mkdir(state, { recursive: true });
  const user = serverUser();
  if (user) await chown(state, user.uid, user.gid);

  return runServer(program.taken, async () => {
    const postgres = await startPostgres({ installation: program.postgres, data: cluster, folder, durable });
    const ferretdb = new ServerProcess({
      name: 'ferretdb',
      command: program.ferretdb,
      installation: dirname(program.ferretdb),
      args: [
        ...['--no-auth', '--telemetry=disable', '--log-level=WARN', '--debug-addr=-'],
        ...[
          `--state-dir=${state}`,
          `--listen-addr=127.0.0.1:${port}`,
          `--postgresql-url=postgres://postgres@127.0.0.1:${postgres.port}/postgres`,
        ],
      ],
      env: { ...process.env, DO_NOT_TRACK: '1', HOME: state },
      cwd: state,
      user,
      folder,
    });
    try {
      await ferretdb.untilReady(async () => (await whyNot(uri)) === null);
    } catch (error) {
      await postgres.process.stop();
      throw error;
    }
    return [postgres.process, ferretdb];
  });
}

/** Whole or not at all, as an interrupted copy is no cluster. */
async function copyTemplate(installation: string, cluster: string): Promise<void> {
  const half = `${cluster}.half`;
  await rm(half, { recursive: true, force: true });
  await run('cp', ['-a', join(installation, 'template'), half]).catch((error: unknown) => {
    throw error instanceof CommandFailed ? problems.copyFailed(installation, error.tail) : error;
  });
  await rename(half, cluster);
}
