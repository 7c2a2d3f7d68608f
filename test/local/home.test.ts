import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { enterHome } from '../../local/home/home';
import { choosePort } from '../../local/home/ports';
import { Problem } from '../../local/problems';
import { freePort, isFree } from '../../local/processes/freePort';
import { identityOf } from '../../local/processes/identity';
import { ServerProcess } from '../../local/processes/serverProcess';
import { throwawayFolder } from '../../local/processes/throwaway';

test('a folder whose stack is running is not entered a second time, and one that was left is', async () => {
  const folder = throwawayFolder();
  const home = await enterHome(folder);
  await expect(enterHome(folder)).rejects.toThrow(`is running already (process ${process.pid})`);
  home.leave();
  (await enterHome(folder)).leave();
});

test('a folder on a full disk is refused with what is needed and what is free', async () => {
  const folder = throwawayFolder();
  await expect(enterHome(folder, 1e18)).rejects.toThrow(
    /1,000,000,000,000 MB are needed in .* MB are free: the disk is full\n {2}→ make room/,
  );
});

test('what a killed start has left running is ended by the next one, and named', async () => {
  const folder = throwawayFolder();
  const left = new ServerProcess({ name: 'worker', command: 'sleep', args: ['600'], folder: join(folder, 'app') });
  writeFileSync(
    join(folder, 'start.process.json'),
    JSON.stringify({ name: 'start', pid: process.pid, identity: 'before a kill', stopSignal: 'SIGTERM', startedAt: 0 }),
  );
  const home = await enterHome(folder);
  expect(home.leftovers).toEqual(['worker']);
  expect(identityOf(left.pid)).toBeNull();
  home.leave();
});

test('keys and ids are kept for the next start in a file that only its owner can read', async () => {
  const folder = throwawayFolder();
  const first = await enterHome(folder);
  first.memory.change({ team: { orgId: 'o', teamId: 't', apiKey: 'k' } });
  first.leave();
  expect(statSync(join(folder, 'memory.json')).mode & 0o777).toBe(0o600);

  const second = await enterHome(folder);
  expect(second.memory.now).toEqual(first.memory.now);
  second.leave();
});

test('a memory that cannot be understood is not overwritten', async () => {
  const folder = throwawayFolder();
  const file = join(folder, 'memory.json');
  writeFileSync(file, '{"ports":{}');
  const entered = enterHome(folder);
  await expect(entered).rejects.toBeInstanceOf(Problem);
  await expect(entered).rejects.toThrow('begin anew');
  expect(readFileSync(file, 'utf8')).toBe('{"ports":{}');
  expect(existsSync(join(folder, 'start.process.json'))).toBe(false);
});

test('a port asked for and taken is refused with its flag; one remembered and taken gives way', async () => {
  const home = await enterHome(throwawayFolder());
  const taken = await freePort();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(taken, '127.0.0.1', resolve));
  try {
    await expect(choosePort('api', taken, home.memory, '--port')).rejects.toThrow(
      `Port ${taken} is taken by another program\n  → choose another: --port PORT`,
    );
    home.memory.change({ ports: { api: taken } });
    const chosen = await choosePort('api', undefined, home.memory, '--port');
    expect(chosen).not.toBe(taken);
    expect(await isFree(chosen)).toBe(true);
    expect(home.memory.now.ports.api).toBe(chosen);
  } finally {
    other.close();
    home.leave();
  }
});
