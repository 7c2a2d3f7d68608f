import type { ServerProcess } from '../processes/serverProcess';
import type { Stage } from './stage';

/** A program that does not even live this long is not helped by starting it again. */
const TOO_SHORT_MS = 10_000;

/**
 * Starts a program, and again whenever it ends unasked: one that is killed on purpose, to see that nothing gets lost, comes back.
 * @throws Problem as `start`
 */
export async function keepRunning(
  name: string,
  start: () => Promise<ServerProcess>,
  { stack, progress, onLost }: Pick<Stage, 'stack' | 'progress' | 'onLost'>,
): Promise<void> {
  let stopped = false;
  let current = await watched();
  let restart: Promise<void> = Promise.resolve();

  stack.add(name, async () => {
    stopped = true;
    await restart;
    await current.stop();
  });

  async function watched(): Promise<ServerProcess> {
    const startedAt = Date.now();
    const program = await start();
    program.onUnexpectedEnd((problem) => {
      if (stopped) return;
      if (Date.now() - startedAt < TOO_SHORT_MS) return onLost(problem);
      progress.note(`${name} ended unasked; starting it again`);
      restart = again();
    });
    return program;
  }

  async function again(): Promise<void> {
    try {
      current = await watched();
    } catch (error) {
      onLost(error);
    }
  }
}
