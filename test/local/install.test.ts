import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, canEnter } from '../../local/install/cacheFolder';
import { install, type Recipe } from '../../local/install/install';
import { identityOf } from '../../local/processes/identity';
import { throwawayFolder } from '../../local/processes/throwaway';
import { waitUntil } from '../../local/processes/waitUntil';
import { plainProgress } from '../../local/progress/plain';

const notes: string[] = [];
const context = (cache: string) => ({ cache, progress: plainProgress((line) => notes.push(line)), signal: new AbortController().signal });

const recipe = (build: Recipe['build']): Recipe => ({ name: 'thing-1', label: 'Thing 1', expectedMs: 1_000, build });

const whole = recipe(async ({ out }) => {
  writeFileSync(join(out, 'first'), '1');
  writeFileSync(join(out, 'second'), '2');
});

test('what failed halfway is not there, and the next try begins with an empty folder', async () => {
  const cache = throwawayFolder();
  const failing = recipe(async ({ out }) => {
    writeFileSync(join(out, 'first'), 'half');
    throw new Error('the disk caught fire');
  });
  await expect(install(failing, context(cache))).rejects.toThrow('the disk caught fire');
  expect(existsSync(join(cache, 'thing-1'))).toBe(false);

  const place = await install(whole, context(cache));
  expect(readdirSync(place).sort()).toEqual(['first', 'second']);
  expect(readFileSync(join(place, 'first'), 'utf8')).toBe('1');
});

test('a run killed in the middle of an installation leaves nothing that counts as installed, and its commands are ended', async () => {
  const cache = throwawayFolder();
  const killed = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'installForever.ts'), cache], { stdio: 'ignore' });
  const pidFile = join(cache, 'command.pid');
  expect(await waitUntil(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n'), { withinMs: 20_000 })).toBe(true);
  killed.kill('SIGKILL');
  await new Promise((resolve) => killed.once('exit', resolve));
  expect(existsSync(join(cache, 'thing-1'))).toBe(false);

  makeStale(join(cache, 'thing-1.lock'));
  const place = await install(whole, context(cache));
  expect(readdirSync(place).sort()).toEqual(['first', 'second']);
  const command = Number(readFileSync(pidFile, 'utf8'));
  expect(identityOf(command)).toBeNull();
});

test('two runs at once build once: the second waits, is told so, and takes what the first has made', async () => {
  const cache = throwawayFolder();
  notes.length = 0;
  let builds = 0;
  const slow = recipe(async (place) => {
    builds++;
    await new Promise((resolve) => setTimeout(resolve, 700));
    await whole.build(place);
  });
  const places = await Promise.all([install(slow, context(cache)), install(slow, context(cache))]);
  expect(new Set(places).size).toBe(1);
  expect(builds).toBe(1);
  expect(notes).toEqual(['Thing 1: another run is installing it, waiting for that one …']);
});

test('the cache is where XDG says, and as root where the database’s user can enter', () => {
  const folder = throwawayFolder();
  const closed = join(folder, 'closed');
  mkdirSync(closed, { mode: 0o700 });
  const stranger = { uid: statSync(folder).uid + 12_345, gid: statSync(folder).gid + 12_345 };
  expect(canEnter(join(closed, 'not', 'there', 'yet'), stranger)).toBe(false);
  expect(cacheFolder({ XDG_CACHE_HOME: closed }, null)).toBe(join(closed, 'continuo'));
  expect(cacheFolder({ XDG_CACHE_HOME: closed }, stranger)).toBe('/var/cache/continuo');
  expect(cacheFolder({ XDG_CACHE_HOME: folder }, stranger)).toBe(join(folder, 'continuo'));
});

/** As it is once its holder has been dead for a while. */
function makeStale(lock: string): void {
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(lock, longAgo, longAgo);
}
