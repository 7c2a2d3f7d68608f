import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { needSpace } from '../install/diskSpace';
import { download } from '../install/download';
import type { Recipe } from '../install/install';
import { run } from '../install/run';
import { obstacles } from '../problems';
import { part } from '../progress/progress';
import { TEMPORAL_CLI } from './version';

/** As the archive calls them; another is refused there. */
const ARCHITECTURES: Record<string, string> = { x64: 'amd64', arm64: 'arm64' };

/** The official archive of the release, by its own address service. */
export const downloadRecipe = (site = 'https://temporal.download'): Recipe => ({
  name: `temporal-${TEMPORAL_CLI}-${process.platform}-${process.arch}`,
  label: `Temporal ${TEMPORAL_CLI}`,
  expectedMs: 20_000,

  async build({ scratch, out, task, signal }) {
    const architecture = ARCHITECTURES[process.arch];
    if (architecture === undefined) throw obstacles.wrongArchitecture('x64 and arm64', process.arch);
    await needSpace(scratch, 250_000_000);

    const archive = join(scratch, 'temporal.tar.gz');
    const url = `${site}/cli/archive/v${TEMPORAL_CLI}?platform=${process.platform}&arch=${architecture}`;
    await download({ url, to: archive, signal }, part(task, 0, 0.95));
    task.at(0.95, 'unpacking');
    await run('tar', ['-xzf', archive, '-C', out, 'temporal'], { signal });
    const shown = await run(join(out, 'temporal'), ['--version'], { signal });
    if (!shown.includes(TEMPORAL_CLI)) throw obstacles.downloadCorrupt(`Temporal ${TEMPORAL_CLI}`);
    await rm(archive);
  },
});
