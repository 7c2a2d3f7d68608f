import { Worker } from '@temporalio/worker';
import { timed } from '../stopwatch';
import { benchBundle } from './benchBundle';
import type { History } from './livePerson';

/** Milliseconds that one replay of a run takes, of so many at once that starting the worker weighs little. */
export async function replayed(history: History, workflowId: string, copies: number): Promise<number> {
  const workflowBundle = await benchBundle();
  const histories = Array.from({ length: copies }, (_, n) => ({ workflowId: `${workflowId}-${n}`, history }));
  const ms = await timed(async () => {
    for await (const { error } of Worker.runReplayHistories({ workflowBundle }, histories)) if (error) throw error;
  });
  return ms / copies;
}

export const eventsOf = ({ events }: History): number => events?.length ?? 0;
