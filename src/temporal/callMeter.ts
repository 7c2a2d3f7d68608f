import { Runtime } from '@temporalio/worker';
import type { CallMeter } from '../quota/meter';

/** The worker's: shown where Temporal's own metrics are. Call it once `installRuntime` has. */
export function createCallMeter(): CallMeter {
  const { metricMeter } = Runtime.instance();
  const sent = metricMeter.createCounter('continuo_dexcom_calls', 'calls', 'Calls sent to Dexcom');
  const putOff = metricMeter.createCounter(
    'continuo_dexcom_calls_put_off',
    'calls',
    'Calls not sent: the slot was empty, the app closed, others first',
  );
  const refused = metricMeter.createCounter('continuo_dexcom_calls_refused', 'calls', 'Calls answered with 429');
  const left = metricMeter.createGauge(
    'continuo_dexcom_calls_left',
    'int',
    'calls',
    'Calls of the slot not leased yet, when last looked at',
  );
  return {
    sent: (app, kind) => sent.add(1, { app, kind }),
    putOff: (app, kind, why) => putOff.add(1, { app, kind, why }),
    refused: (app, kind) => refused.add(1, { app, kind }),
    left: (app, calls) => left.set(calls, { app }),
  };
}
