import { statfs } from 'node:fs/promises';
import { obstacles } from '../problems';

/** Asked before a long step, not in the middle of it. @throws Obstacle */
export async function needSpace(folder: string, neededBytes: number): Promise<void> {
  const freeBytes = await freeSpace(folder);
  if (freeBytes < neededBytes) throw obstacles.diskFull(folder, neededBytes, freeBytes);
}

/** @returns bytes that an ordinary user may still write there */
export async function freeSpace(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
