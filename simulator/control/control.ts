import { Hono } from 'hono';
import type { SimulatorEnv } from '../env';
import { appRoutes } from './apps';
import { callRoutes } from './calls';
import { clockRoutes } from './clock';
import { correctionRoutes } from './corrections';
import { faultRoutes } from './faults';
import { grantRoutes } from './grants';
import { ControlRefused } from './input';
import { ledgerRoutes } from './ledger';
import { paceRoutes } from './pace';
import { peopleRoutes } from './people';
import { scenarioRoutes } from './scenarios';
import { settingsRoutes } from './settings';

/** The simulator's own API: JSON in, JSON out, described in simulator/README.md. No token needed; listen on loopback only. */
export function registerControl(stop: () => void): Hono<SimulatorEnv> {
  const control = new Hono<SimulatorEnv>();
  for (const routes of [
    appRoutes,
    callRoutes,
    clockRoutes,
    correctionRoutes,
    faultRoutes,
    grantRoutes,
    ledgerRoutes,
    paceRoutes,
    peopleRoutes,
    scenarioRoutes,
    settingsRoutes,
  ]) {
    control.route('/', routes());
  }
  control.post('/stop', (c) => {
    // After the answer: whoever asked wants to know that it was heard.
    setImmediate(stop);
    return c.json({ stopping: true });
  });
  control.onError((error, c) => {
    if (error instanceof ControlRefused) return c.json({ message: error.message }, error.status);
    throw error;
  });
  return control;
}
