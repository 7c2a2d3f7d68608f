import { problems } from '../problems';
import { freePort, isFree } from '../processes/freePort';
import type { MemoryFile, PortName } from './memory';

/** What people expect these servers at. */
const USUAL: Record<PortName, number> = {
  api: 3000,
  temporal: 7233,
  temporalUi: 8233,
  database: 27017,
  simulator: 3001,
  receiver: 3002,
  page: 3003,
};

/**
 * The port asked for, or the last start's, or the usual one, or any: what nobody asked for gives way to whoever is there already, and is
 * remembered. @throws Problem if the one asked for is taken
 */
export async function choosePort(name: PortName, asked: number | undefined, memory: MemoryFile, flag: string): Promise<number> {
  const port = asked === undefined ? await firstFree([memory.now.ports[name], USUAL[name]]) : await exactly(asked, flag);
  memory.change({ ports: { ...memory.now.ports, [name]: port } });
  return port;
}

async function exactly(port: number, flag: string): Promise<number> {
  if (await isFree(port)) return port;
  throw problems.portTaken(port, flag);
}

async function firstFree(wished: readonly (number | undefined)[]): Promise<number> {
  for (const port of wished) if (port !== undefined && (await isFree(port))) return port;
  return freePort();
}
