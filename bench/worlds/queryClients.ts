import { once } from 'node:events';
import { Agent, request } from 'undici';
import { atEnd } from '../atEnd';
import { timed } from '../stopwatch';

/** Asks once, takes the whole answer and tells how many bytes it had. */
export type Ask = () => Promise<number>;

/** A client of the least cost, for so many at once. @param urlOf of the next question */
export function client(clients: number, urlOf: () => string, headers: Readonly<Record<string, string>>): Ask {
  const agent = new Agent({ connections: clients });
  atEnd(() => agent.close());
  return async () => {
    const { statusCode, body } = await request(urlOf(), { dispatcher: agent, headers });
    let bytes = 0;
    body.on('data', (piece: Buffer) => {
      bytes += piece.length;
    });
    await once(body, 'end');
    if (statusCode !== 200) throw new Error(`the query was answered ${statusCode}`);
    return bytes;
  };
}

export async function inParallel(
  ask: Ask,
  { clients, each }: { readonly clients: number; readonly each: number },
): Promise<{ readonly perSecond: number; readonly latencies: readonly number[] }> {
  const latencies: number[] = [];
  const one = async (): Promise<void> => {
    for (let n = 0; n < each; n++) latencies.push(await timed(ask));
  };
  const ms = await timed(() => Promise.all(Array.from({ length: clients }, one)));
  return { perSecond: (latencies.length * 1000) / ms, latencies };
}
