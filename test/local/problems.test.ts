import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fetchPackages } from '../../local/database/ferretdb/packages';
import { postgresRecipe } from '../../local/database/ferretdb/postgres';
import { checkGivenDatabase } from '../../local/database/given';
import { mongodRecipe } from '../../local/database/mongod/download';
import { runDatabase } from '../../local/database/start';
import { needSpace } from '../../local/install/diskSpace';
import { install } from '../../local/install/install';
import { onPath } from '../../local/install/onPath';
import { freePort } from '../../local/processes/freePort';
import { ServerProcess } from '../../local/processes/serverProcess';
import { throwawayFolder } from '../../local/processes/throwaway';
import { plainProgress } from '../../local/progress/plain';
import { downloadRecipe } from '../../local/temporal/download';
import { prepareGivenTemporal } from '../../local/temporal/given';
import { runTemporal } from '../../local/temporal/start';
import { RunningStart } from './runningStart';

const context = () => ({ cache: throwawayFolder(), progress: plainProgress(() => undefined), signal: new AbortController().signal });

/** A machine with nothing but Node and the commands named, and no way out to the network. */
async function getServersOn({ commands, env = {} }: { commands: readonly string[]; env?: NodeJS.ProcessEnv }) {
  const machine = throwawayFolder();
  const bin = join(machine, 'bin');
  mkdirSync(bin);
  for (const command of commands) symlinkSync(onPath(command) ?? `/${command} is not here`, join(bin, command));
  const nowhere = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, '../../local/getServers.ts')], {
    env: { PATH: bin, HOME: machine, XDG_CACHE_HOME: machine, HTTPS_PROXY: nowhere, HTTP_PROXY: nowhere, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, said };
}

test('a machine with no network and no Go is told what was tried and every way out, without a stack', async () => {
  const { code, said } = await getServersOn({ commands: [] });
  expect(code).toBe(1);
  expect(said).toMatch(/(Temporal|MongoDB) is needed, and no way to it is open/);
  expect(said).toMatch(/TEMPORAL_ADDRESS=|MONGODB_URI=/);
  expect(said).not.toMatch(/^\s+at /m);
});

test('without Go, Temporal’s way out is Go or TEMPORAL_ADDRESS', async () => {
  const { code, said } = await getServersOn({ commands: [], env: { MONGODB_URI: 'mongodb://elsewhere' } });
  expect(code).toBe(1);
  for (const part of [
    'no `temporal` on PATH',
    'temporal.download cannot be reached (ECONNREFUSED)',
    'no `go` on PATH',
    'TEMPORAL_ADDRESS=host:7233',
  ]) {
    expect(said).toContain(part);
  }
});

test('without apt, the database’s way out is a Debian-like system or MONGODB_URI', async () => {
  const { code, said } = await getServersOn({ commands: ['go'], env: { TEMPORAL_ADDRESS: 'elsewhere:7233' } });
  expect(code).toBe(1);
  for (const part of ['no `mongod` on PATH', 'fastdl.mongodb.org cannot be reached', 'MONGODB_URI=mongodb://host:27017'])
    expect(said).toContain(part);
  expect(said).not.toMatch(/^\s+at /m);
});

test('with Go and no way to its modules, the way out is the proxy or TEMPORAL_ADDRESS', async () => {
  const { code, said } = await getServersOn({
    commands: ['go'],
    env: { MONGODB_URI: 'mongodb://elsewhere', GOPROXY: `http://127.0.0.1:${await freePort()}` },
  });
  expect(code).toBe(1);
  const told = onPath('go') ? ['the Go module proxy cannot be reached', 'GOPROXY=https://'] : ['no `go` on PATH'];
  for (const part of [...told, 'TEMPORAL_ADDRESS=host:7233']) expect(said).toContain(part);
  expect(said).not.toMatch(/^\s+at /m);
});

test('on an architecture nobody builds for, each way says so', async () => {
  const { arch } = process;
  Object.defineProperty(process, 'arch', { value: 'riscv64' });
  try {
    await expect(install(downloadRecipe(), context())).rejects.toThrow('it exists for x64 and arm64, this machine is riscv64');
    await expect(install(mongodRecipe(), context())).rejects.toThrow('MongoDB offers no archive for linux on riscv64');
    await expect(install(postgresRecipe, context())).rejects.toThrow('it exists for Linux on x64, this machine is linux on riscv64');
  } finally {
    Object.defineProperty(process, 'arch', { value: arch });
  }
});

test.each([
  ['that lacks its program', () => undefined, 'temporal could not be started (ENOENT)'],
  ['whose program is not one', (file: string) => writeFileSync(file, 'exit 126\n', { mode: 0o755 }), 'temporal ended with exit code 126'],
])('an installation in the cache %s is named, with how to get it anew', async (_, damage, told) => {
  const installation = throwawayFolder();
  const command = join(installation, 'temporal');
  damage(command);
  const program = { command, installation, taken: command };
  const running = runTemporal({ program, folder: throwawayFolder(), keepsData: false });
  await expect(running).rejects.toThrow(told);
  await expect(running).rejects.toThrow(`the next start gets it anew: rm -r ${installation}`);
});

test('a database installation in the cache that lacks its files is named, with how to get it anew', async () => {
  const postgres = throwawayFolder();
  const program = { kind: 'ferretdb', ferretdb: join(postgres, 'ferretdb'), postgres, taken: postgres } as const;
  const running = runDatabase({ program, folder: throwawayFolder(), durable: false });
  await expect(running).rejects.toThrow(`${postgres} could not be copied`);
  await expect(running).rejects.toThrow(`the next start gets it anew: rm -r ${postgres}`);
});

test('a disk that fills up in the middle is told without a stack', () => {
  const script = "require('./local/tellProblems').tellProblems(async () => require('node:fs').writeFileSync('/dev/full', 'more'))";
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '-e', script], {
    cwd: join(__dirname, '../..'),
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toContain('cannot be written (ENOSPC: the disk is full)\n  → make room');
  expect(stderr).not.toMatch(/^\s+at /m);
});

test.each([
  [['--interval', '1s'], 'It is a time between 2s and 1h'],
  [['--history-only'], "'--history-only' needs '--replay <file>'"],
  [['--replay', __filename], 'cannot be replayed: Not a Clarity export'],
  [['--data', join(__filename, 'below')], 'cannot be written (ENOTDIR: a file is in the way)'],
  [['--port', '0'], 'It is a port, 1 to 65535'],
])('npm start -- %j is refused in words', async (args, told) => {
  const start = await RunningStart.attempt(throwawayFolder(), args);
  expect(await start.untilEnd()).toBe(1);
  expect(start.said).toContain(told);
  expect(start.said).not.toMatch(/^\s+at /m);
});

test('servers named by the environment that do not answer are named, and a password is not', async () => {
  const port = await freePort();
  await expect(prepareGivenTemporal(`127.0.0.1:${port}`)).rejects.toThrow(`TEMPORAL_ADDRESS names 127.0.0.1:${port}`);
  const given = checkGivenDatabase(`mongodb://app:geheim@127.0.0.1:${port}/?tls=false`);
  await expect(given).rejects.toThrow(`MONGODB_URI names 127.0.0.1:${port}`);
  await expect(given).rejects.not.toThrow('geheim');
}, 30_000);

test('a download refused, cut off or of something else is an obstacle that names it, and installs nothing', async () => {
  const sums = 'a'.repeat(64);
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/cli')) return response.writeHead(404).end();
    if (request.url?.endsWith('.sha256')) return response.end(`${sums}  mongodb.tgz\n`);
    return response.end('not an archive');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const site = `http://127.0.0.1:${portOf(server.address())}`;
    await expect(install(downloadRecipe(site), context())).rejects.toThrow('answers 404');
    const url = `${site}/mongodb.tgz`;
    await expect(
      install(
        mongodRecipe(async () => url),
        context(),
      ),
    ).rejects.toThrow(`not ${url}, whose SHA-256 is ${sums}`);
  } finally {
    server.close();
  }
});

test('too little room is told before a long step begins', async () => {
  const folder = throwawayFolder();
  await expect(needSpace(folder, 1e18)).rejects.toThrow(/1,000,000,000,000 MB are needed in .* MB are free/);
});

test('a server that ends at its start is told of with the end of its log', async () => {
  const folder = throwawayFolder();
  const server = new ServerProcess({
    name: 'brief',
    command: 'sh',
    args: ['-c', 'echo "bind: address already in use" >&2; exit 1'],
    folder,
  });
  await expect(server.untilReady(() => false)).rejects.toThrow(/brief ended with exit code 1.*\n +bind: address already in use/s);
});

test('a Debian suite that is gone is told as such, and so is a system without apt', async () => {
  const server = createServer((_request, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const scratch = throwawayFolder();
    const mirror = `http://127.0.0.1:${portOf(server.address())}/debian`;
    const place = { scratch, out: scratch, signal: new AbortController().signal, mirror };
    const told = onPath('apt-get') ? 'Debian’s suite “forky” does not offer the packages any more' : /is missing|are not here/;
    await expect(fetchPackages(place, () => undefined)).rejects.toThrow(told);
  } finally {
    server.close();
  }
});

const portOf = (address: AddressInfo | string | null): number => {
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return address.port;
};
