import { cpus, loadavg, totalmem } from 'node:os';

/** What the figures were taken on. */
export function machine(): string {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  return `Node ${process.version}, ${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${gigabytes} GB`;
}

/** Over the last minute; more than the cores means that others were at work too. */
export const load = (): string => (loadavg()[0] ?? 0).toFixed(1);
