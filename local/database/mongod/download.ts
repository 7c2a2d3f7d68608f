import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { getOS } from 'mongodb-memory-server-core/lib/util/getos';
import { MongoBinaryDownloadUrl } from 'mongodb-memory-server-core/lib/util/MongoBinaryDownloadUrl';
import { reasonOf } from '../../errno';
import { needSpace } from '../../install/diskSpace';
import { download, downloadText } from '../../install/download';
import type { Recipe } from '../../install/install';
import { run } from '../../install/run';
import { obstacles } from '../../problems';
import { part } from '../../progress/progress';

const MONGOD = '8.2.6';

/**
 * MongoDB's own archive. The library knows which archive fits which distribution; it would fetch it without checking certificate or
 * checksum and without telling how far it is, so we fetch it ourselves.
 */
export const mongodRecipe = (archiveUrl = officialArchiveUrl): Recipe => ({
  name: `mongod-${MONGOD}-${process.platform}-${process.arch}`,
  label: `MongoDB ${MONGOD}`,
  expectedMs: 60_000,

  async build({ scratch, out, task, signal }) {
    const url = await archiveUrl();
    await needSpace(scratch, 700_000_000);
    const expected = (await downloadText(`${url}.sha256`, signal)).trim().split(/\s/)[0];

    const archive = join(scratch, 'mongodb.tgz');
    const found = await download({ url, to: archive, signal }, part(task, 0, 0.9));
    if (found !== expected) throw obstacles.downloadCorrupt(`${url}, whose SHA-256 is ${expected}`);

    task.at(0.9, 'unpacking');
    const unpacked = join(scratch, 'unpacked');
    await rm(unpacked, { recursive: true, force: true });
    await mkdir(unpacked);
    await run('tar', ['-xzf', archive, '-C', unpacked], { signal });
    const [top] = await readdir(unpacked);
    await rename(join(unpacked, top ?? '', 'bin', 'mongod'), join(out, 'mongod'));
    await run(join(out, 'mongod'), ['--version'], { signal });
  },
});

/** @throws Obstacle if MongoDB offers nothing for this system */
async function officialArchiveUrl(): Promise<string> {
  const { platform, arch } = process;
  try {
    const system = platform === 'linux' ? { os: await getOS() } : {};
    return await new MongoBinaryDownloadUrl({ version: MONGOD, platform, arch, ...system }).getDownloadUrl();
  } catch (error) {
    throw obstacles.notOffered('MongoDB', `${platform} on ${arch}`, reasonOf(error));
  }
}
