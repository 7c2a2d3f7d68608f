import { DefaultLogger, type LogLevel, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Logger } from '../log';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const satisfies Record<LogLevel, string>;

/**
 * Sets up Temporal's native part, once per process and before anything connects: its words go to our log, its metrics to Prometheus. Signals
 * stay ours: it would swallow one that comes before the workers run.
 * @param metricsAddress `<host>:<port>`, or null for none
 */
export function installRuntime(log: Logger, metricsAddress: string | null): void {
  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => log[LEVELS[level]]({ ...meta }, message)),
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN' }) },
      ...(metricsAddress !== null && { metrics: { prometheus: { bindAddress: metricsAddress } } }),
    },
    shutdownSignals: [],
  });
}
