import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandFailed, type CommandOptions, run } from '../../install/run';
import { type Obstacle, obstacles } from '../../problems';

/** The suite that has the extension. It moves: what was installed is written down, and a package gone is told. */
export const SUITE = 'forky';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * What apt is told we have: nothing we load needs it. PostGIS drags in half of all geography, which the extension only names; the others
 * are for managing clusters system-wide.
 */
const NOT_NEEDED = [
  'postgresql-common',
  'postgresql-client-common',
  'locales',
  'ssl-cert',
  'perl',
  'systemd',
  'netbase',
  'proj-data',
  'postgresql-18-rum',
];
const NOT_NEEDED_OF_POSTGIS = /lib(gdal|sfcgal)[0-9a-z]+/g;

interface Place {
  readonly scratch: string;
  readonly out: string;
  readonly signal: AbortSignal;
  /** Without, the one this machine uses already, else Debian's own. */
  readonly mirror?: string;
}

/** Fetches PostgreSQL, the extension and all they load with an apt of our own; their hashes are kept in `<out>/packages.sha256`. @returns the archives */
export async function fetchPackages(
  { scratch, out, signal, mirror }: Place,
  at: (fraction: number, doing: string) => void,
): Promise<string[]> {
  if (!existsSync(KEYRING)) throw obstacles.noDebianKeyring();
  const folder = join(scratch, 'apt');
  await rm(join(folder, 'state'), { recursive: true, force: true });
  for (const made of ['etc/apt.conf.d', 'etc/preferences.d', 'etc/sources.list.d', 'state', 'lists/partial', 'cache/archives/partial']) {
    await mkdir(join(folder, made), { recursive: true });
  }
  await writeFile(join(folder, 'etc/sources.list'), `deb [signed-by=${KEYRING}] ${mirror ?? (await usualMirror(signal))} ${SUITE} main\n`);
  await writeFile(join(folder, 'apt.conf'), configuration(folder));
  await writeFile(join(folder, 'state/status'), '');

  const apt = (command: string, args: readonly string[], onLine?: (line: string) => void): Promise<string> => {
    const options: CommandOptions = {
      signal,
      env: { ...process.env, APT_CONFIG: join(folder, 'apt.conf'), LC_ALL: 'C' },
      recordIn: scratch,
    };
    return run(command, args, onLine ? { ...options, onLine } : options).catch((error: unknown) => {
      throw error instanceof CommandFailed ? obstacleOf(error) : error;
    });
  };
  at(0, 'reading Debian’s package lists');
  await apt('apt-get', ['-q', 'update', '-o', 'APT::Update::Error-Mode=any']);
  const postgis = await apt('apt-cache', ['depends', 'postgresql-18-postgis-3']);
  const stubs = [...NOT_NEEDED, ...new Set(postgis.match(NOT_NEEDED_OF_POSTGIS))];
  await writeFile(join(folder, 'state/status'), stubs.map(installedStub).join('\n'));

  await apt('apt-get', ['-q', '-y', '--download-only', '-o', 'APT::Status-Fd=1', 'install', 'postgresql-18-documentdb'], (line) => {
    const [, percent, doing] = /^dlstatus:\d+:([\d.]+):(.*)/.exec(line) ?? [];
    if (percent !== undefined) at(Number(percent) / 100, `fetching Debian’s packages: ${doing}`);
  });
  const archives = join(folder, 'cache/archives');
  const files = (await readdir(archives)).filter((file) => file.endsWith('.deb')).map((file) => join(archives, file));
  await writeFile(join(out, 'packages.sha256'), (await Promise.all(files.map(hashLine))).join(''));
  return files;
}

async function usualMirror(signal: AbortSignal): Promise<string> {
  const sites = await run('apt-get', ['indextargets', '--format', '$(SITE)', 'Created-By: Packages'], { signal }).catch(
    (error: unknown) => {
      throw error instanceof CommandFailed ? obstacleOf(error) : error;
    },
  );
  return sites.split('\n').find((site) => /\/debian\/?$/.test(site)) ?? 'http://deb.debian.org/debian';
}

/** Check-Valid-Until: mirrors frozen for reproducibility are older than their own validity. Signatures stay checked. */
const configuration = (folder: string): string => `Dir::Etc "${folder}/etc";
Dir::Etc::SourceList "${folder}/etc/sources.list";
Dir::Etc::SourceParts "${folder}/etc/sources.list.d";
Dir::Etc::Parts "${folder}/etc/apt.conf.d";
Dir::State "${folder}/state";
Dir::State::Lists "${folder}/lists";
Dir::State::Status "${folder}/state/status";
Dir::Cache "${folder}/cache";
APT::Architecture "amd64";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::Check-Valid-Until "false";
`;

const installedStub = (name: string): string => `Package: ${name}
Status: install ok installed
Priority: optional
Section: misc
Maintainer: none
Architecture: amd64
Multi-Arch: foreign
Version: 9999:1
Description: pretended
`;

async function hashLine(file: string): Promise<string> {
  const hash = createHash('sha256').update(await readFile(file));
  return `${hash.digest('hex')}  ${file.slice(file.lastIndexOf('/') + 1)}\n`;
}

function obstacleOf({ code, command, tail }: CommandFailed): Obstacle {
  if (code === 'ENOENT') return obstacles.noApt(command);
  const host = /Could not (?:resolve|connect to) '?([^'\s:]+)/.exec(tail)?.[1];
  return host === undefined ? obstacles.suiteGone(SUITE, tail) : obstacles.noNetwork(host, 'apt cannot fetch from it');
}
