import { z } from 'zod';
import { listeningProcess } from './listeningProcess';

/** What so many clients ask at once, each so many times. */
export const Question = z.object({
  /** In turns. */
  urls: z.array(z.string()).min(1),
  headers: z.record(z.string(), z.string()),
  clients: z.number(),
  each: z.number(),
});
type Question = z.infer<typeof Question>;

const Answered = z.object({ perSecond: z.number(), latencies: z.array(z.number()), bytesEach: z.number() });
/** Milliseconds. */
export type Answered = z.infer<typeof Answered>;

/** Clients of the least cost, in a process of their own until the end of the run. */
export async function askers(): Promise<(question: Question) => Promise<Answered>> {
  const { url } = await listeningProcess('bench/worlds/queryClients.ts', {});
  return async (question) => {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(question) });
    if (!response.ok) throw new Error('the clients have failed: what they said stands above');
    return Answered.parse(await response.json());
  };
}
