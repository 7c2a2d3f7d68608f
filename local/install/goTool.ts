import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { type Obstacle, obstacles } from '../problems';
import { part, type Task } from '../progress/progress';
import { needSpace } from './diskSpace';
import { CommandFailed, type CommandOptions, run } from './run';

/** A program built from the Go module proxy; `module` is a folder with go.mod, go.sum and tools.go, which pin all of it. */
export interface GoTool {
  readonly module: string;
  readonly package: string;
  /** How many modules and packages it consists of, the standard library's included: what progress is measured by. */
  readonly modules: number;
  readonly packages: number;
  readonly cpuMinutes: number;
  readonly scratchBytes: number;
  readonly ldflags?: string;
}

/** What it takes here, by the number of cores. The modules' download does not get faster by them. */
export const expectedBuildMs = ({ cpuMinutes, modules }: GoTool): number => (cpuMinutes / availableParallelism()) * 60_000 + modules * 500;

/**
 * Builds into `<out>/<last part of package>`. Go's module and build caches lie in `scratch`, which the installer removes afterwards: two
 * gigabytes nobody else needs. @throws Obstacle
 */
export async function buildGoTool(
  tool: GoTool,
  { scratch, out, task, signal }: { scratch: string; out: string; task: Task; signal: AbortSignal },
): Promise<void> {
  await requireGo(signal);
  await needSpace(scratch, tool.scratchBytes);
  const temporary = join(scratch, 'go-tmp');
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });

  const go = (args: readonly string[], onLine: (line: string) => void): Promise<string> => {
    const env = { ...process.env, ...environment(scratch, temporary) };
    const options: CommandOptions = { cwd: tool.module, env, signal, onLine, recordIn: scratch };
    return run('go', args, options).catch((error: unknown) => {
      throw error instanceof CommandFailed ? obstacleOf(`go ${args[0]} of ${tool.package}`, error.tail) : error;
    });
  };

  const fetching = part(task, 0, 0.3);
  let modules = 0;
  await go(['list', '-deps', tool.package], (line) => {
    if (line.startsWith('go: downloading ')) fetching(++modules / tool.modules, `fetching Go modules, ${modules} of ${tool.modules}`);
  });

  const compiling = part(task, 0.3, 1);
  let packages = 0;
  const binary = join(out, basename(tool.package));
  await go(['build', '-v', '-trimpath', '-ldflags', `-s -w ${tool.ldflags ?? ''}`, '-o', binary, tool.package], () => {
    packages++;
    compiling(packages / tool.packages, packages < tool.packages ? `compiling Go packages, ${packages} of ${tool.packages}` : 'linking');
  });
}

const environment = (scratch: string, temporary: string): NodeJS.ProcessEnv => ({
  GOPATH: join(scratch, 'go'),
  GOMODCACHE: join(scratch, 'go', 'pkg', 'mod'),
  GOCACHE: join(scratch, 'go-build'),
  GOTMPDIR: temporary,
  // -modcacherw: a module cache that can be removed; -buildvcs=false: no question about the clone we stand in.
  GOFLAGS: '-mod=readonly -modcacherw -buildvcs=false',
  GOWORK: 'off',
  CGO_ENABLED: '0',
});

async function requireGo(signal: AbortSignal): Promise<void> {
  try {
    await run('go', ['version'], { signal });
  } catch (error) {
    if (error instanceof CommandFailed && error.code === 'ENOENT') throw obstacles.noGo();
    throw error;
  }
}

function obstacleOf(what: string, tail: string): Obstacle {
  if (/requires go >= |no matching versions.*toolchain/.test(tail)) return obstacles.goTooOld(tail);
  if (/dial tcp|no such host|i\/o timeout|proxyconnect/.test(tail)) return obstacles.noModuleProxy(tail);
  return obstacles.buildFailed(what, tail);
}
