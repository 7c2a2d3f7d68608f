import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { throwawayFolder } from '../../local/processes/throwaway';
import { dayIds } from '../../src/storage/glucoseDays';
import { mongodbUri } from '../../test/servers';
import { atEnd } from '../atEnd';
import type { Figure } from '../figure';
import { median, percentile } from '../statistics';
import { timed } from '../stopwatch';
import type { FindingServer } from '../worlds/findingServer';
import { FORTNIGHT_DAYS, fortnight, fortnightPath } from '../worlds/fortnight';
import { listeningProcess } from '../worlds/listeningProcess';
import { storedYear } from '../worlds/storedYear';
import { yearApi } from '../worlds/yearApi';

const CLIENTS = 8;
const QUERIES_EACH = 25;
const WARM_UP = 2;
const ROUNDS = 7;

/** A fortnight asked for over HTTP by clients in parallel, beside two processes whose one route sends the same bytes: after the same finds, and at once. */
export const queryRate: Figure = {
  name: 'queryRate',

  async measure() {
    const api = await yearApi();
    const url = `${api.url}${fortnightPath(await storedYear())}`;
    const answer = await fetch(url, { headers: api.headers });
    const file = join(throwawayFolder(), 'answer.json');
    writeFileSync(file, new Uint8Array(await answer.arrayBuffer()));
    const bare = await listeningProcess('bench/worlds/bareServer.ts', { args: [file] });

    const finding = await listeningProcess('bench/worlds/findingServer.ts', { args: [JSON.stringify(await findingAs(file))] });

    const [ours, bareRoute, findingRoute] = [client(url, api.headers), client(bare.url, {}), client(finding.url, {})];
    const bytes = await ours();
    for (const other of [bareRoute, findingRoute])
      if ((await other()) !== bytes) throw new Error('a bare route does not send what the API sends');

    const rates: { readonly ours: number; readonly bare: number; readonly found: number }[] = [];
    const latencies: number[] = [];
    for (let round = 0; round < WARM_UP + ROUNDS; round++) {
      const [mine, bareRate, foundRate] = [await inParallel(ours), await inParallel(bareRoute), await inParallel(findingRoute)];
      if (round < WARM_UP) continue;
      rates.push({ ours: mine.perSecond, bare: bareRate.perSecond, found: foundRate.perSecond });
      latencies.push(...mine.latencies);
    }
    const measured = { value: median(rates.map((rate) => rate.ours)), unit: 'per s' };
    const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
    return {
      measurements: [
        {
          figure: `queries of ${FORTNIGHT_DAYS} days over HTTP, over a route that makes the same finds and sends the bytes`,
          goal: { of: 'ratio', is: 'at least', value: 0.75 },
          measured,
          floor: { value: median(rates.map((rate) => rate.found)), unit: 'per s' },
        },
        {
          figure: 'the same over a route that only sends the bytes',
          goal: null,
          measured,
          floor: { value: median(rates.map((rate) => rate.bare)), unit: 'per s' },
        },
        {
          figure: `their p99 under ${CLIENTS} clients, over p50`,
          goal: { of: 'ratio', is: 'at most', value: 3 },
          measured: { value: p99, unit: 'ms' },
          floor: { value: p50, unit: 'ms' },
        },
      ],
      notes: [
        `${ROUNDS} interleaved rounds of ${CLIENTS * QUERIES_EACH} queries, ${CLIENTS} at once; an answer has ${(bytes / 1e6).toFixed(2)} MB`,
        'the clients, the servers and the database share the machine; both bare routes have their answer in memory, and the one that finds looks at nothing it found',
      ],
    };
  },
};

async function findingAs(file: string): Promise<FindingServer> {
  const { world, connection } = await storedYear();
  const { _id, teamId, userId } = connection;
  return { file, uri: mongodbUri(), database: world.database.db.databaseName, teamId, userId, dayIds: dayIds(_id, fortnight()) };
}

/** @returns asks once, takes the whole answer and tells how many bytes it had: a client of the least cost */
function client(url: string, headers: Readonly<Record<string, string>>): () => Promise<number> {
  const agent = new Agent({ connections: CLIENTS });
  atEnd(() => agent.close());
  return async () => {
    const { statusCode, body } = await request(url, { dispatcher: agent, headers });
    let bytes = 0;
    body.on('data', (piece: Buffer) => {
      bytes += piece.length;
    });
    await once(body, 'end');
    if (statusCode !== 200) throw new Error(`the query was answered ${statusCode}`);
    return bytes;
  };
}

async function inParallel(ask: () => Promise<unknown>): Promise<{ readonly perSecond: number; readonly latencies: readonly number[] }> {
  const latencies: number[] = [];
  const one = async (): Promise<void> => {
    for (let n = 0; n < QUERIES_EACH; n++) latencies.push(await timed(ask));
  };
  const ms = await timed(() => Promise.all(Array.from({ length: CLIENTS }, one)));
  return { perSecond: (latencies.length * 1000) / ms, latencies };
}
