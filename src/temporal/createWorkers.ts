import { getHeapStatistics } from 'node:v8';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { heartbeats } from './heartbeats';
import { taskQueues } from './taskQueues';
import { workflowBundle } from './workflowBundle';

/** What each of a worker's queues may do at once, in this process. */
const AT_ONCE = { sync: 50, backfill: 4, webhooks: 50 } as const;
/** Longer than a pull ordinarily takes; what is still running then is handed back and begun anew elsewhere. */
const GRACE_MS = 15_000;
/**
 * A token refresh waits 40 s for its answer (src/sync/refreshGrant.ts) and then stores it, cancelled or not: ended before, the answer is lost
 * and the connection with it. Whoever runs this must kill no sooner than after 60 s (docker-compose.yml).
 */
const FORCE_MS = 50_000;
/** How soon a running activity hears that it is cancelled. */
const HEARTBEAT_THROTTLE_MS = 2_000;

/** One process's workers, one per queue. Workflows run on the sync queue's; the two others take activities only. */
export async function createWorkers(
  connection: NativeConnection,
  options: { readonly namespace: string; readonly queuePrefix: string; readonly activities: object },
): Promise<readonly Worker[]> {
  const { namespace, activities } = options;
  const queues = taskQueues(options.queuePrefix);
  const shared = {
    connection,
    namespace,
    activities,
    interceptors: { activity: [heartbeats] },
    maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE_MS,
    shutdownGraceTime: GRACE_MS,
    shutdownForceTime: FORCE_MS,
  } satisfies Partial<WorkerOptions>;
  const slots = (queue: keyof typeof AT_ONCE) => ({ taskQueue: queues[queue], maxConcurrentActivityTaskExecutions: AT_ONCE[queue] });

  return Promise.all([
    Worker.create({
      ...shared,
      ...slots('sync'),
      workflowBundle: await workflowBundle(),
      maxCachedWorkflows: mostCachedWorkflows(),
    }),
    Worker.create({ ...shared, ...slots('backfill') }),
    Worker.create({ ...shared, ...slots('webhooks') }),
  ]);
}

/** Runs them until `stop` is aborted, or one of them cannot go on: then the others stop too. @throws what that one met */
export async function runWorkers(workers: readonly Worker[], stop: AbortSignal): Promise<void> {
  const stopAll = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const runs = workers.map((worker) => worker.run().finally(stopAll));
  if (stop.aborted) stopAll();
  else stop.addEventListener('abort', stopAll, { once: true });

  const failed = (await Promise.allSettled(runs)).find((run) => run.status === 'rejected');
  if (failed) throw failed.reason;
}

/** A sleeping connection takes about 140 kB; what does not fit is replayed at its next wake, which costs some 100 ms. */
function mostCachedWorkflows(): number {
  const spare = getHeapStatistics().heap_size_limit - 300_000_000;
  return Math.min(6_000, Math.max(100, Math.floor(spare / 250_000)));
}
