import { randomUUID } from 'node:crypto';
import { SECOND_MS } from '../duration';
import { latestSwitches } from '../people/switchesAt';
import type { World } from '../world/world';
import type { App, TokenPair } from './grant';
import { isAlive } from './grantLife';
import { TokenRefused } from './tokenErrors';
import { newTokenPair } from './tokenPair';

/** Turns a code into a grant, once, within its minute (dexcom-api.md §1.2–1.3). @throws TokenRefused */
export function exchangeCode(world: World, app: App, form: URLSearchParams): TokenPair {
  const { state } = world;
  const code = state.codes.get(form.get('code') ?? '');
  const now = world.now();
  if (!code || code.clientId !== app.clientId) throw new TokenRefused('invalid_grant', 'Code not valid');
  if (code.usedAt !== null) throw new TokenRefused('invalid_grant', 'Code used before');
  if (now >= code.issuedAt + state.settings.codeLifeSeconds * SECOND_MS) throw new TokenRefused('invalid_grant', 'Code expired');
  if (form.get('redirect_uri') !== code.redirectUri) throw new TokenRefused('invalid_grant', 'Incorrect redirect_uri');
  if (isFull(world, app, code.personId)) throw new TokenRefused('invalid_client', 'max user count exceeded');

  const grant = {
    id: randomUUID(),
    clientId: app.clientId,
    personId: code.personId,
    consentedAt: now,
    endedAt: null,
    ...withdrawal(world, code.personId, now),
  };
  const pair = newTokenPair(grant.id, now);
  world.record({ kind: 'codeExchanged', code: code.code, grant, pair });
  return pair;
}

/** Some people think better of it after a while (§8.11). */
function withdrawal(world: World, personId: string, now: number): { endsAt?: number } {
  const person = world.state.people.get(personId);
  const afterMs = person && latestSwitches(person).withdrawsAfter;
  return typeof afterMs === 'number' ? { endsAt: now + afterMs } : {};
}

/** The cap of Limited Access (§1.6, §8.12). */
function isFull(world: World, { clientId }: App, personId: string): boolean {
  const { settings, grants } = world.state;
  if (settings.peoplePerApp === null) return false;
  const live = [...grants.values()].filter((grant) => grant.clientId === clientId && isAlive(grant, settings, world.now()));
  return new Set(live.map((grant) => grant.personId)).add(personId).size > settings.peoplePerApp;
}
