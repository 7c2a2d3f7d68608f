import { createMiddleware } from 'hono/factory';
import type { SimulatorEnv } from '../env';
import { noteUse } from '../oauth/refreshGrant';
import { bearerToken, grantBehind } from './bearer';
import { refuse } from './refusal';

/** Lets a call through to the data of the person whose token it carries; 401 otherwise, without telling why. */
export const authorised = createMiddleware<SimulatorEnv>(async (c, next) => {
  const { world } = c.var;
  const token = bearerToken(c);
  const grant = grantBehind(world, token);
  const origin = grant && world.origin(grant.personId);
  if (token === null || !origin) return refuse(c, 401, 'Unauthorized');
  noteUse(world, token);
  c.set('clientId', grant.clientId);
  c.set('personId', grant.personId);
  c.set('grant', grant);
  c.set('origin', origin);
  return next();
});
