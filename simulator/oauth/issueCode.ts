import { randomUUID } from 'node:crypto';
import { recordIds } from '../data/recordId';
import type { World } from '../world/world';
import type { AuthorizeRequest } from './authorizeRequest';

/** A code for the app to exchange: good once, for a minute from now, whatever it reads (dexcom-api.md §1.2, §8.4). */
export function issueCode(world: World, { app: { clientId }, redirectUri }: AuthorizeRequest, personId: string): string {
  const { codePrefix, staticCodes } = world.state.settings;
  const part = staticCodes ? recordIds(clientId, personId) : () => randomUUID();
  const code = `${codePrefix}_${['code', 'session', 'client'].map(part).join('.')}`;
  world.record({ kind: 'codeIssued', code: { code, clientId, personId, redirectUri, issuedAt: world.now(), usedAt: null } });
  return code;
}
