import { randomUUID } from 'node:crypto';
import { SECOND_MS } from '../duration';
import type { World } from '../world/world';
import type { App, Rotation, TokenPair } from './grant';
import { isAlive } from './grantLife';
import { TokenRefused } from './tokenErrors';
import { newTokenPair } from './tokenPair';

export interface Refreshed {
  readonly pair: TokenPair;
  readonly rotationId: string;
}

/**
 * Spends a refresh token (dexcom-api.md §1.4). Runs without a pause from the look to the record, so of two at once exactly one wins.
 * @throws TokenRefused
 */
export function refreshGrant(world: World, app: App, form: URLSearchParams): Refreshed {
  const { state } = world;
  const now = world.now();
  const spent = state.refreshTokens.get(form.get('refresh_token') ?? '');
  const grant = spent && state.grants.get(spent.grantId);
  if (!spent || !grant || grant.clientId !== app.clientId) throw new TokenRefused('invalid_grant');
  if (!isAlive(grant, state.settings, now)) throw new TokenRefused('invalid_grant');

  const earlier = state.rotations.get(state.rotationOfSpent.get(spent.refreshToken) ?? '');
  if (earlier) return repeat(world, earlier, now);
  noteUse(world, spent.refreshToken);
  const successor = newTokenPair(grant.id, now);
  const id = randomUUID();
  world.record({ kind: 'rotated', id, spent: spent.refreshToken, successor });
  return { pair: successor, rotationId: id };
}

/** Within the grace the same successor once more: a lost answer loses nobody. */
function repeat(world: World, rotation: Rotation, now: number): Refreshed {
  const { graceSeconds, reuseRevokesGrant } = world.state.settings;
  if (now < rotation.at + graceSeconds * SECOND_MS) {
    world.record({ kind: 'rotationRepeated', id: rotation.id });
    return { pair: rotation.successor, rotationId: rotation.id };
  }
  if (reuseRevokesGrant) world.record({ kind: 'grantEnded', grantId: rotation.grantId, at: now });
  throw new TokenRefused('invalid_grant');
}

/** A token that comes back proves that the answer which carried it arrived. */
export function noteUse(world: World, token: string): void {
  const rotation = world.state.rotations.get(world.state.rotationOfGiven.get(token) ?? '');
  if (rotation && rotation.firstUsedAt === null) world.record({ kind: 'rotationUsed', id: rotation.id, at: world.now() });
}
