import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where each official client keeps what it sends. */
const CLIENTS = ['node_modules/@junction-api/sdk/dist/cjs/api/resources', 'node_modules/@tryvital/vital-node/dist/cjs/api/resources'];

const REQUEST = /Environment\.Production, ([`"])(.*?)\1\),\s*method: "(\w+)"/gs;

/**
 * Every call that Vital's official clients can make, as `GET /v2/user/{}`, read from their own code: Vital's whole API.
 * @throws Error if a client is not written as it used to be, so that none is passed over
 */
export function clientOperations(): readonly string[] {
  return [...new Set(CLIENTS.flatMap(sourcesIn).flatMap(operationsIn))].sort();
}

/** How many methods that send something each client has. */
export const clientMethods = (): readonly number[] => CLIENTS.map((folder) => sourcesIn(folder).flatMap(operationsIn).length);

const sourcesIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .map((resource) => join(folder, resource, 'client/Client.js'))
    .filter((source) => existsSync(source));

function operationsIn(source: string): readonly string[] {
  const code = readFileSync(source, 'utf8');
  const found = [...code.matchAll(REQUEST)].map(({ 2: path = '', 3: method = '' }) => `${method} /${withoutNames(path)}`);
  const sent = code.split(/\burl: /).length - 1;
  if (found.length !== sent) throw new Error(`${source} sends ${sent} requests, of which ${found.length} are understood`);
  return found;
}

/** `${encodeURIComponent(…)}` becomes `{}`. */
const withoutNames = (path: string): string => path.replace(/\$\{.*?\)\)?\}/g, '{}');
