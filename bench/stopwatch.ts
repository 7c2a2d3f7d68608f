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

/** Adds up wall time by name; what runs at the same time under one name counts once. */
export class Stopwatch {
  private readonly spent = new Map<string, number>();
  private readonly running = new Map<string, { count: number; since: number }>();

  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const now = this.running.get(name) ?? { count: 0, since: 0 };
    this.running.set(name, now);
    if (now.count++ === 0) now.since = performance.now();
    try {
      return await work();
    } finally {
      if (--now.count === 0) this.spent.set(name, this.of(name) + performance.now() - now.since);
    }
  }

  /** Milliseconds. */
  of(name: string): number {
    return this.spent.get(name) ?? 0;
  }
}
