import type { Problem } from '../problems';
import type { ServerProcess } from './serverProcess';

/** A server of ours, of one process or several, that a test may also kill. */
export interface RunningServer {
  /** For a person: which one it is and where it came from. */
  readonly taken: string;
  /** All its processes, at this moment. */
  pids(): number[];
  /** Kindly; its data stays. */
  stop(): Promise<void>;
  /** SIGKILL to all its processes at once. */
  kill(): Promise<void>;
  /** The same port, the same data; stopped first if it still runs. Resolves once it answers. */
  restart(): Promise<void>;
  /** Told when one of its processes ends without having been asked to. */
  onUnexpectedEnd(told: (problem: Problem) => void): void;
}

/** @param launch starts the processes, each once the one before is ready; the last is the one that answers */
export async function runServer(taken: string, launch: () => Promise<readonly ServerProcess[]>): Promise<RunningServer> {
  let processes = await launch();

  async function stop(): Promise<void> {
    for (const process of processes.toReversed()) await process.stop();
  }

  return {
    taken,
    stop,
    pids: () => processes.flatMap((process) => process.pids()),
    async kill() {
      await Promise.all(processes.map((process) => process.kill()));
    },
    async restart() {
      await stop();
      processes = await launch();
    },
    onUnexpectedEnd(told) {
      for (const process of processes) process.onUnexpectedEnd(told);
    },
  };
}
