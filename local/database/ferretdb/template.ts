import { appendFile, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../install/run';
import { serverUser } from '../../processes/serverUser';
import { startPostgres } from './startPostgres';
import { programs } from './unpack';

/** No user of this machine has to log in; sockets are TCP on loopback, where the extension's background jobs look for the server too. */
const SETTINGS = `
shared_preload_libraries = 'pg_cron,pg_documentdb_core,pg_documentdb'
cron.database_name = 'postgres'
cron.host = '127.0.0.1'
cron.log_run = off
cron.log_statement = off
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
`;

/** A cluster with the extension in it, never run again: every database starts as a copy, which takes a moment instead of ten seconds. */
export async function makeTemplate({ scratch, out, signal }: { scratch: string; out: string; signal: AbortSignal }): Promise<void> {
  const user = serverUser();
  const template = join(out, 'template');
  await mkdir(template, { mode: 0o700 });
  if (user) await chown(template, user.uid, user.gid);

  const options = { cwd: out, env: { ...process.env, LC_ALL: 'C' }, user, signal, recordIn: scratch };
  const program = (name: string, args: readonly string[]) => run(join(out, programs, name), args, options);
  const text = ['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  await program('initdb', ['-D', template, '-U', 'postgres', '-A', 'trust', '--no-sync', ...text]);
  await appendFile(join(template, 'postgresql.conf'), SETTINGS);

  const postgres = await startPostgres({ installation: out, data: template, folder: scratch, durable: true });
  try {
    const connection = ['-h', '127.0.0.1', '-p', String(postgres.port), '-U', 'postgres'];
    await program('psql', ['-q', ...connection, '-v', 'ON_ERROR_STOP=1', '-c', 'CREATE EXTENSION documentdb CASCADE']);
  } finally {
    await postgres.process.stop();
  }
}
