import type { DexcomApps } from '../dexcom/apps';
import type { DexcomClient } from '../dexcom/client';
import type { Logger } from '../log';
import type { Keyring } from '../security/keyring';
import type { LinkTokens } from '../security/linkTokens';
import type { AccountClaims } from '../storage/accountClaims';
import type { Connections } from '../storage/connections';
import type { Grants } from '../storage/grants';
import type { LinkConsents } from '../storage/linkConsents';
import type { LinkSessions } from '../storage/linkSessions';
import type { Teams } from '../storage/teams';
import type { Users } from '../storage/users';
import type { ConnectionWorkflows } from '../temporal/connectionWorkflows';
import type { Outbox } from '../webhooks/recordMessage';

/** What connecting a person needs; the API and `reconcile` have it both. */
export interface ConnectServices {
  readonly log: Logger;
  readonly linkSessions: LinkSessions;
  readonly linkConsents: LinkConsents;
  readonly users: Users;
  readonly teams: Teams;
  readonly accountClaims: AccountClaims;
  readonly connections: Connections;
  readonly grants: Grants;
  readonly outbox: Outbox;
  readonly keyring: Keyring;
  readonly linkTokens: LinkTokens;
  readonly dexcom: DexcomApps;
  readonly workflows: ConnectionWorkflows;
  /** Where browsers reach the API, without a trailing slash. */
  readonly publicUrl: string;
  readonly linkTiming: LinkTiming;
}

export interface LinkTiming {
  /** How long a claim of a session holds against other codes: longer than an exchange takes. */
  readonly leaseMs: number;
  /** How long an exchange may take. */
  readonly exchangeMs: number;
  /** How long a callback waits for another one that holds the session. */
  readonly waitMs: number;
}

export const linkTiming: LinkTiming = { leaseMs: 30_000, exchangeMs: 20_000, waitMs: 35_000 };

/** The one provider there is. */
export const DEXCOM_SLUG = 'dexcom_v3';

/** Registered with Dexcom for this app, character by character (dexcom-api.md §1.2). */
export const redirectUriOf = ({ publicUrl }: Pick<ConnectServices, 'publicUrl'>, app: Pick<DexcomClient, 'redirectUri'>): string =>
  app.redirectUri ?? `${publicUrl}/v2/link/connect/${DEXCOM_SLUG}`;
