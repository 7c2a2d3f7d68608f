import { statfs } from 'node:fs/promises';
import { obstacles } from '../problems';

/** Asked before a long step, not in the middle of it. @throws Obstacle */
export async function needSpace(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < neededBytes) throw obstacles.diskFull(folder, neededBytes, bavail * bsize);
}
