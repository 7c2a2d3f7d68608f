import type { Context } from 'hono';
import { SECOND_MS } from '../duration';
import type { SimulatorEnv } from '../env';
import type { Grant } from '../oauth/grant';
import { isAlive } from '../oauth/grantLife';
import type { World } from '../world/world';

/** @returns the access token the call came with, whatever it is worth */
export const bearerToken = (c: Context<SimulatorEnv>): string | null =>
  /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? null;

/** @returns the grant behind an access token that is still good: two hours on the simulated clock, and no longer than the grant (§8.7, §8.11) */
export function grantBehind(world: World, accessToken: string | null): Grant | null {
  const { accessTokens, grants, settings } = world.state;
  const pair = accessTokens.get(accessToken ?? '');
  const grant = pair && grants.get(pair.grantId);
  const now = world.now();
  if (!pair || !grant || !isAlive(grant, settings, now)) return null;
  return now < pair.issuedAt + settings.accessTokenLifeSeconds * SECOND_MS ? grant : null;
}
