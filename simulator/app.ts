import { Hono } from 'hono';
import { registerControl } from './control/control';
import { authorised } from './data/authorised';
import { answerDataRange } from './data/dataRange';
import { answerDevices } from './data/devices';
import { answerEgvs } from './data/egvs';
import { answerLogged } from './data/loggedRecords';
import type { RenderedDays } from './data/renderedDays';
import type { SimulatorEnv } from './env';
import { counted } from './ledger/counted';
import { decideLogin, showLogin } from './oauth/login';
import { answerToken } from './oauth/token';
import type { World } from './world/world';

export interface Parts {
  readonly world: World;
  readonly renderedDays: RenderedDays | null;
  readonly stop: () => void;
}

/** Dexcom's API as an app sees it, and beside it `/_control`, which no real Dexcom has. */
export function createApp({ world, renderedDays, stop }: Parts): Hono<SimulatorEnv> {
  const app = new Hono<SimulatorEnv>();
  app.use(async (c, next) => {
    c.set('world', world);
    c.set('renderedDays', renderedDays);
    await next();
  });

  // Clients mix the versions, so both lead to the same state (dexcom-api.md §1.2, §8.1).
  for (const version of ['v2', 'v3']) {
    app.use(`/${version}/*`, counted);
    app.get(`/${version}/oauth2/login`, showLogin);
    app.post(`/${version}/oauth2/login`, decideLogin);
    app.post(`/${version}/oauth2/token`, answerToken);
  }
  app.route('/v3/users/self', records());
  app.route('/_control', registerControl(stop));
  app.notFound((c) => c.json({ message: 'Not found' }, 404));
  app.onError((error, c) => {
    console.error(error);
    return c.json({ message: 'The simulator itself failed; see its log' }, 500);
  });
  return app;
}

function records(): Hono<SimulatorEnv> {
  const self = new Hono<SimulatorEnv>();
  self.use(authorised);
  self.get('/dataRange', answerDataRange);
  self.get('/egvs', answerEgvs);
  self.get('/devices', answerDevices);
  self.get('/events', answerLogged('event'));
  self.get('/calibrations', answerLogged('calibration'));
  self.get('/alerts', answerLogged('alert'));
  return self;
}
