import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { createApp } from './app';
import { readOptions } from './options';
import { populate } from './populate';
import { forgetful, openJournal } from './world/journal';
import { World } from './world/world';

/** The simulator's process: opens or makes its world, serves it, and says in one JSON line on stdout where. */
function main(): void {
  const options = readOptions(process.argv);
  const world = new World(options.state === undefined ? forgetful : openJournal(options.state));
  const { person, unreadable } = populate(world, options);
  for (const { line, reason } of unreadable) console.error(`${options.replay}:${line}: ${reason}`);

  const server = createAdaptorServer({ fetch: createApp(world, stop).fetch });
  server.once('error', (error) => fail(error));
  server.listen(options.port, options.host, () => {
    const address = server.address();
    const url = `http://${options.host}:${isPlaced(address) ? address.port : options.port}`;
    console.log(
      JSON.stringify({ url, clientId: options.clientId, clientSecret: options.clientSecret, person, people: world.state.people.size }),
    );
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);

  function stop(): void {
    server.close(() => {
      world.close();
      process.exit(0);
    });
    // Stalled calls and idle keep-alive connections would hold it up for ever.
    if ('closeAllConnections' in server) setTimeout(() => server.closeAllConnections(), 200).unref();
  }
}

const isPlaced = (address: string | AddressInfo | null): address is AddressInfo => typeof address === 'object' && address !== null;

function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

try {
  main();
} catch (error) {
  fail(error);
}
