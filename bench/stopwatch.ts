/** Wall time, milliseconds. */
export async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** CPU time of this process, milliseconds: what others on the machine take is not in it. */
export function cpuTimed(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Adds up wall time by name. */
export class Stopwatch {
  private readonly spent = new Map<string, number>();

  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await work();
    } finally {
      this.spent.set(name, this.of(name) + performance.now() - began);
    }
  }

  /** Milliseconds. */
  of(name: string): number {
    return this.spent.get(name) ?? 0;
  }
}
