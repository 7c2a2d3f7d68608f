import type { EngineProcess } from '../test/engine/engineProcess';

const EVERY_MS = 500;

/** Starts the engine's processes again when they end by themselves, as `Restart=always` would; those held down by a strike it leaves alone. */
export class Supervisor {
  private readonly heldDown = new Set<EngineProcess>();
  private readonly timer: NodeJS.Timeout;
  /** When one had ended without having been killed. */
  readonly restartedAt: number[] = [];

  constructor(processes: readonly EngineProcess[]) {
    this.timer = setInterval(() => {
      for (const process of processes) {
        if (process.isRunning || this.heldDown.has(process)) continue;
        this.restartedAt.push(Date.now());
        process.start();
      }
    }, EVERY_MS);
  }

  /** SIGKILL, and nobody starts it again before `meanwhile` is over. */
  async killed(process: EngineProcess, meanwhile: () => Promise<unknown>): Promise<void> {
    this.heldDown.add(process);
    try {
      await process.kill();
      await meanwhile();
    } finally {
      process.start();
      this.heldDown.delete(process);
    }
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
