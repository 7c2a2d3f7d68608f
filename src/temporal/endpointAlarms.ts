import { Runtime } from '@temporalio/worker';
import type { Logger } from '../log';
import type { EndpointAlarms } from '../webhooks/tellTeam';

/** The worker's: told in its log, counted where Temporal's own metrics are. Call it once `installRuntime` has. */
export function createEndpointAlarms(log: Logger): EndpointAlarms {
  const raised = Runtime.instance().metricMeter.createCounter(
    'continuo_webhook_alarms',
    'events',
    'Endpoints failing, disabled or recovered, messages given up',
  );
  return {
    raise(type, { _id: endpointId, teamId }) {
      raised.add(1, { type });
      log.warn({ type, endpointId, teamId }, 'a webhook endpoint needs its owner, or no longer does');
    },
  };
}
