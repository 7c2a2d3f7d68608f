import type { ActivityInterceptorsFactory } from '@temporalio/worker';

const EVERY_MS = 2_000;

/**
 * Every activity that may run long says it is alive while it runs: so a killed worker's work is handed on after seconds, and a cancellation
 * reaches the activity at all. An activity that ends sooner sends nothing.
 */
export const heartbeats: ActivityInterceptorsFactory = (context) => ({
  inbound: {
    async execute(input, next) {
      if (context.info.isLocal || context.info.heartbeatTimeoutMs === undefined) return next(input);

      const beat = setInterval(() => context.heartbeat(), EVERY_MS);
      try {
        return await next(input);
      } finally {
        clearInterval(beat);
      }
    },
  },
});
