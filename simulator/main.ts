import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { createApp } from './app';
import { RenderedDays } from './data/renderedDays';
import { DAY_MS } from './duration';
import { readOptions } from './options';
import { populate } from './populate';
import { forgetful, openJournal } from './world/journal';
import { World } from './world/world';

/** On a busy machine a client may call on a connection at the very moment it is closed as idle: so long that nobody is so slow. */
const IDLE_CONNECTION_MS = 75_000;

/** The simulator's process: opens or makes its world, serves it, and says in one JSON line on stdout where. */
function main(): void {
  const options = readOptions(process.argv);
  const world = new World(options.state === undefined ? forgetful : openJournal(options.state));
  const { person, unreadable } = populate(world, options);
  for (const { line, reason } of unreadable) console.error(`${options.replay}:${line}: ${reason}`);

  const renderedDays = options.prerender ? new RenderedDays() : null;
  if (renderedDays) prerender(world, renderedDays);

  const server = createAdaptorServer({ fetch: createApp({ world, renderedDays, stop }).fetch });
  if ('keepAliveTimeout' in server) server.keepAliveTimeout = IDLE_CONNECTION_MS;
  server.once('error', (error) => fail(error));
  server.listen(options.port, options.host, () => {
    const address = server.address();
    const url = `http://${options.host}:${isPlaced(address) ? address.port : options.port}`;
    console.log(
      JSON.stringify({ url, clientId: options.clientId, clientSecret: options.clientSecret, person, people: world.state.people.size }),
    );
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  if (options.untilStdinEnds) process.stdin.resume().once('end', stop).once('error', stop);

  function stop(): void {
    server.close(() => {
      world.close();
      process.exit(0);
    });
    // Stalled calls and idle keep-alive connections would hold it up for ever.
    if ('closeAllConnections' in server) setTimeout(() => server.closeAllConnections(), 200).unref();
  }
}

/** Renders everybody's history for every app once, so that even the first fetch is served from memory. */
function prerender(world: World, days: RenderedDays): void {
  const { people, apps, settings } = world.state;
  const asOf = world.now();
  for (const id of people.keys()) {
    const origin = world.origin(id);
    const from = origin?.person.spans[0]?.from;
    if (!origin || from === undefined) continue;
    for (const clientId of apps.keys())
      days.records({ origin, settings, clientId, asOf }, { from: Math.floor(from / DAY_MS) * DAY_MS, to: asOf });
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
