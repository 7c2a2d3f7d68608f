import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../install/run';

/** Within an installation. */
export const programs = 'system/usr/lib/postgresql/18/bin';

const NOT_RUN = [
  'usr/share/doc',
  'usr/share/man',
  'usr/share/locale',
  'usr/share/info',
  'usr/share/perl',
  'usr/share/i18n',
  'usr/lib/postgresql/18/lib/bitcode',
];

/** Lays the packages' files out below `<out>/system` and makes PostgreSQL's programs run from wherever that folder stands. */
export async function unpackPackages(
  archives: readonly string[],
  { out, signal }: { out: string; signal: AbortSignal },
  at: (fraction: number, doing: string) => void,
): Promise<void> {
  const system = join(out, 'system');
  // Debian's merged /usr, which packages rely on.
  for (const folder of ['lib', 'lib64', 'bin', 'sbin']) {
    await mkdir(join(system, 'usr', folder), { recursive: true });
    await symlink(`usr/${folder}`, join(system, folder));
  }
  for (const [i, archive] of archives.entries()) {
    at(i / archives.length, `unpacking package ${i + 1} of ${archives.length}`);
    await run('dpkg-deb', ['-x', archive, system], { signal });
  }
  // What PostGIS's own installation script would do.
  await symlink('postgis-3.control', join(system, 'usr/share/postgresql/18/extension/postgis.control'));
  for (const program of ['postgres', 'initdb', 'pg_ctl', 'psql']) await runByOwnLoader(join(out, programs), program);
  for (const folder of NOT_RUN) await rm(join(system, folder), { recursive: true, force: true });
  await chmod(system, 0o755);
}

/** The packages' libraries are newer than the machine's: their own loader finds theirs, by paths relative to the program. */
async function runByOwnLoader(folder: string, program: string): Promise<void> {
  await rename(join(folder, program), join(folder, `.${program}.elf`));
  const script = `#!/bin/sh
bin=\${0%/*}
lib=$bin/../../../x86_64-linux-gnu
exec "$lib/ld-linux-x86-64.so.2" --argv0 "$0" --library-path "$lib:$bin/../lib" "$bin/.${program}.elf" "$@"
`;
  await writeFile(join(folder, program), script, { mode: 0o755 });
  await chmod(join(folder, program), 0o755);
}
