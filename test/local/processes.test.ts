import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf } from '../../local/processes/identity';
import { stillRunning, stopLeftovers } from '../../local/processes/record';
import { ServerProcess } from '../../local/processes/serverProcess';
import { removeAbandonedThrowaways, throwawayFolder } from '../../local/processes/throwaway';
import { waitUntil } from '../../local/processes/waitUntil';

const sleeper = (folder: string, script = 'sleep 600') =>
  new ServerProcess({ name: 'sleeper', command: 'sh', args: ['-c', script], folder });
const isGone = (pid: number) => waitUntil(() => identityOf(pid) === null, { withinMs: 5_000 });

test('a server left over by a killed run is found by its record and ended', async () => {
  const folder = throwawayFolder();
  const left = sleeper(folder);
  expect(stillRunning(folder).map(({ pid }) => pid)).toEqual([left.pid]);
  expect(await stopLeftovers(folder)).toEqual(['sleeper']);
  expect(await isGone(left.pid)).toBe(true);
  expect(await stopLeftovers(folder)).toEqual([]);
});

test('one that does not listen is ended by force, with all its processes', async () => {
  const folder = throwawayFolder();
  const deaf = sleeper(folder, 'trap "" TERM; sleep 600 & sleep 600; wait');
  await waitUntil(() => deaf.pids().length > 1, { withinMs: 5_000 });
  const family = deaf.pids();
  await stopLeftovers(folder, 300);
  for (const pid of family) expect(await isGone(pid)).toBe(true);
});

test('a process that merely got the same id is left alone', async () => {
  const folder = throwawayFolder();
  const stranger: ChildProcess = spawn('sleep', ['600']);
  const record = { name: 'sleeper', pid: stranger.pid, identity: 'another boot:1', stopSignal: 'SIGTERM', startedAt: 0 };
  writeFileSync(join(folder, 'sleeper.process.json'), JSON.stringify(record));
  expect(await stopLeftovers(folder)).toEqual([]);
  expect(stranger.exitCode).toBeNull();
  expect(identityOf(stranger.pid ?? 0)).not.toBeNull();
  stranger.kill('SIGKILL');
});

test('a record cut off in the middle names nobody', async () => {
  const folder = throwawayFolder();
  writeFileSync(join(folder, 'sleeper.process.json'), '{"name":"sleeper","pid":1');
  expect(await stopLeftovers(folder)).toEqual([]);
});

test('Ctrl-C in the terminal does not reach a server: it leads a process group of its own', () => {
  const folder = throwawayFolder();
  const server = sleeper(folder);
  expect(() => process.kill(-server.pid, 0)).not.toThrow();
  return server.stop();
});

test('a server that ends by itself is told of, one that was stopped is not', async () => {
  const told: string[] = [];
  const brief = sleeper(throwawayFolder(), 'sleep 0.2; exit 3');
  const asked = sleeper(throwawayFolder());
  brief.onUnexpectedEnd(({ what }) => told.push(what));
  asked.onUnexpectedEnd(({ what }) => told.push(what));
  await asked.stop();
  await waitUntil(() => told.length > 0, { withinMs: 5_000 });
  expect(told).toEqual([expect.stringContaining('sleeper ended with exit code 3')]);
});

test('the throw-away folder of a killed run goes with the servers in it; that of a living one stays', async () => {
  const mine = throwawayFolder();
  const abandoned = throwawayFolder();
  const left = sleeper(abandoned);
  writeFileSync(join(abandoned, 'owner.json'), JSON.stringify({ pid: process.pid, identity: 'another boot:1' }));
  await removeAbandonedThrowaways();
  expect(await isGone(left.pid)).toBe(true);
  expect(existsSync(abandoned)).toBe(false);
  expect(existsSync(mine)).toBe(true);
});
