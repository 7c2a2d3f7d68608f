import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { timed } from '../stopwatch';
import { QueryClient } from './queryClient';
import { type Answered, Question } from './question';

/** A process of its own, or what else a measuring process has in memory would be collected while it waits for an answer. */
function main(): void {
  const open = new Map<string, QueryClient[]>();

  const app = new Hono().post('/', async (c) => {
    const { urls, headers, clients, each } = Question.parse(await c.req.json());
    const asked = urls.map((url) => new URL(url));
    const origin = asked[0]?.origin ?? '';
    const known = open.get(origin) ?? Array.from({ length: clients }, () => new QueryClient(new URL(origin)));
    open.set(origin, known);

    let next = 0;
    let bytes = 0;
    const latencies: number[] = [];
    const askInTurn = async (client: QueryClient): Promise<void> => {
      for (let n = 0; n < each; n++) {
        const { pathname = '', search = '' } = asked[next++ % asked.length] ?? {};
        const began = performance.now();
        const taken = await client.ask(`${pathname}${search}`, headers);
        latencies.push(performance.now() - began);
        bytes += taken;
      }
    };
    const ms = await timed(() => Promise.all(known.map(askInTurn)));
    return c.json({ perSecond: (latencies.length * 1000) / ms, latencies, bytesEach: bytes / latencies.length } satisfies Answered);
  });
  serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => console.log(JSON.stringify({ port })));
  process.once('SIGTERM', () => process.exit(0));
}

main();
