import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { throwawayFolder } from '../../local/processes/throwaway';
import { dayIds } from '../../src/storage/glucoseDays';
import { mongodbUri } from '../../test/servers';
import type { Figure, Quantity } from '../figure';
import { median, percentile } from '../statistics';
import { cpuMsOf } from '../worlds/cpuMsOf';
import type { FindingServer } from '../worlds/findingServer';
import { FORTNIGHT_DAYS, fortnight, fortnightPath } from '../worlds/fortnight';
import { type ListeningProcess, listeningProcess } from '../worlds/listeningProcess';
import { type Answered, askers } from '../worlds/question';
import { storedYear } from '../worlds/storedYear';
import { yearApi } from '../worlds/yearApi';

const CLIENTS = 8;
const QUERIES_EACH = 25;
const WARM_UP = 2;
const ROUNDS = 21;

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

    const plain = await yearApi({ QUERY_CACHE_MB: '0' });
    const plainUrl = url.replace(api.url, plain.url);
    const ask = await askers();
    const load = { clients: CLIENTS, each: QUERIES_EACH };
    const asked = (one: ListeningProcess, to: string, headers = {}): Asked => ({
      ...{ rates: [], cpuMs: 0, latencies: [], pid: one.pid },
      ask: () => ask({ urls: [to], headers, ...load }),
    });
    const mine = asked(api, url, api.headers);
    const plainly = asked(plain, plainUrl, plain.headers);
    const barely = asked(bare, bare.url);
    const found = asked(finding, finding.url);

    const { bytesEach: bytes } = await mine.ask();
    for (const other of [plainly, barely, found])
      if ((await other.ask()).bytesEach !== bytes) throw new Error('a route does not send what the API sends');

    for (let round = 0; round < WARM_UP + ROUNDS; round++)
      for (const one of [mine, plainly, barely, found]) {
        const { perSecond, cpuMs, latencies: taken } = await askRound(one);
        if (round < WARM_UP) continue;
        one.rates.push(perSecond);
        one.cpuMs += cpuMs;
        one.latencies.push(...taken);
      }
    const measured = rateOf(mine);
    const [p50, p99] = [percentile(mine.latencies, 0.5), percentile(mine.latencies, 0.99)];
    return {
      measurements: [
        {
          figure: `queries of ${FORTNIGHT_DAYS} days over HTTP, over a route that makes the same finds and sends the bytes`,
          goal: { of: 'ratio', is: 'at least', value: 0.75 },
          measured,
          floor: rateOf(found),
        },
        {
          figure: 'the same over one that only sends the bytes',
          goal: null,
          measured,
          floor: rateOf(barely),
        },
        {
          figure: 'the same where no day is kept, over the route that makes the same finds',
          goal: null,
          measured: rateOf(plainly),
          floor: rateOf(found),
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
        `CPU of a query in its process: ours ${cpuOf(mine)} ms, ${cpuOf(plainly)} ms where no day is kept, the route that finds ${cpuOf(found)} ms`,
        `p99 over p50 of the route that finds ${tailOf(found)}, of the one that only sends ${tailOf(barely)}, of ours where no day is kept ${tailOf(plainly)}`,
        `ratios of the rounds ${ratiosOver(found, mine)}; where no day is kept ${ratiosOver(found, plainly)}`,
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

/** What one of the processes has answered in its rounds. */
interface Asked {
  readonly rates: number[];
  cpuMs: number;
  readonly latencies: number[];
  readonly ask: () => Promise<Answered>;
  readonly pid: number;
}

const ratiosOver = (floor: Asked, { rates }: Asked): string => rates.map((rate, n) => (rate / (floor.rates[n] ?? 0)).toFixed(2)).join(', ');

const tailOf = ({ latencies }: Asked): string => (percentile(latencies, 0.99) / percentile(latencies, 0.5)).toFixed(2);

const cpuOf = ({ cpuMs }: Asked): string => (cpuMs / (ROUNDS * CLIENTS * QUERIES_EACH)).toFixed(2);

async function askRound({ ask, pid }: Asked): Promise<Answered & Pick<Asked, 'cpuMs'>> {
  const before = cpuMsOf(pid);
  const answered = await ask();
  return { ...answered, cpuMs: cpuMsOf(pid) - before };
}

const rateOf = ({ rates }: Asked): Quantity => ({ value: median(rates), unit: 'per s' });
