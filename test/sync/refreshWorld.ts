import { setTimeout as sleep } from 'node:timers/promises';
import type { RefreshResult } from '../../src/activities';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { type RefreshRequest, refreshGrant } from '../../src/sync/refreshGrant';
import { type Gate, gatedDb } from './gatedDb';
import { accessTokenOf, grantFor, type Person, type SyncWorld, syncWorld } from './syncWorld';

export const NO_GRACE = { graceSeconds: 0 };
export const GRACE = { graceSeconds: 120 };

/** Somebody whose grant is renewed, again and again. */
export interface RefreshWorld extends SyncWorld {
  /** With a consent of its own: a refresh token is spent once. */
  connected(): Promise<ConnectionDoc>;
  /** The same person consents once more, while the connection is there. */
  consentAgain(connection: ConnectionDoc): Promise<void>;
  refresh(connection: ConnectionDoc, change?: Partial<RefreshRequest>, gate?: Gate): Promise<RefreshResult>;
  /** Dexcom takes what is stored, and the refresh token too. */
  expectGood(connection: ConnectionDoc): Promise<void>;
  /** Withdraws the latest consent. */
  revoke(): Promise<unknown>;
  /** Calls of the token endpoint that Dexcom has counted. */
  sent(): Promise<number>;
  /** Of the latest consent. */
  rotations(): ReturnType<SyncWorld['simulator']['control']['rotations']>;
}

export async function openRefreshWorld(): Promise<RefreshWorld> {
  const world = await syncWorld({ historyDays: 1, delay: '0s' });
  const { control, person: personId } = world.simulator;
  let person: Person;

  const refresh: RefreshWorld['refresh'] = ({ _id: connectionId }, change = {}, gate = async () => undefined) =>
    refreshGrant(world.depsOver(gatedDb(world.database.db, gate)), {
      connectionId,
      step: 'spend',
      attemptsLeft: 3,
      sendBefore: Date.now() + 60_000,
      ...change,
    });

  return {
    ...world,
    refresh,
    async connected() {
      person = await world.consent(personId);
      return world.connect(person);
    },
    async consentAgain(connection) {
      person = await world.consent(personId);
      await world.deps.grants.settle(grantFor({ ...connection, consentedAt: connection.consentedAt + 1 }, person.tokens));
    },
    async expectGood(connection) {
      const now = Date.now();
      const { userId } = await world.dexcom.egvs(accessTokenOf(await world.grantOf(connection)), { from: now - 60_000, to: now });
      expect(userId).toBe(person.dexcomUserId);
      expect(await refresh(connection)).toMatchObject({ kind: 'refreshed' });
      expect((await world.grantOf(connection)).needsReauth).toBeNull();
    },
    revoke: () => control.revoke({ personId }),
    sent: async () => (await control.calls({ personId, endpoint: 'token' })).length,
    async rotations() {
      const [grants, rotations] = await Promise.all([control.grants({ personId }), control.rotations({ personId })]);
      return rotations.filter(({ grantId }) => grantId === grants.at(-1)?.id);
    },
  };
}

export async function holds(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(10);
}
