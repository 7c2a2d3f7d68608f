import { basename } from 'node:path';
import { happyCases } from './happyCases';

const answeredWell = new Set<string>();

/** Takes note of a line of an API's log, if it is about a request that was answered well. */
export function hear(line: string): void {
  if (!line.includes('"msg":"request"')) return;
  const { method, route, status } = JSON.parse(line);
  if (status < 400) answeredWell.add(`${method} ${String(route).replace(/:(\w+)/g, '{$1}')}`);
}

/** One test alone does not do all that its file does. */
const isPart = process.argv.some((argument) => /^(-t|--testNamePattern)/.test(argument));

/** Every file that opens an API is held to what `happyCases` says of it. */
afterAll(() => {
  const promised = happyCases[basename(expect.getState().testPath ?? '')] ?? [];
  if (!isPart) expect({ neverAnsweredWell: promised.filter((name) => !answeredWell.has(name)) }).toEqual({ neverAnsweredWell: [] });
});
