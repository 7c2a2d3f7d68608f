import { readFileSync } from 'node:fs';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

/** A process of its own: a Hono route that does nothing but send the bytes of a file, given as argument. */
function main(file: string): void {
  const bytes = new Uint8Array(readFileSync(file));
  const app = new Hono().get('/', (c) => c.body(bytes, 200, { 'content-type': 'application/json' }));
  serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => console.log(JSON.stringify({ port })));
  process.once('SIGTERM', () => process.exit(0));
}

main(process.argv[2] ?? '');
