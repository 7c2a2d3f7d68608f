import type { Db } from 'mongodb';
import type { DexcomApps } from '../dexcom/apps';
import type { Logger } from '../log';
import type { Keyring } from '../security/keyring';
import { createLinkTokens } from '../security/linkTokens';
import { AccountClaims } from '../storage/accountClaims';
import { Connections } from '../storage/connections';
import { Grants } from '../storage/grants';
import { LinkConsents } from '../storage/linkConsents';
import { LinkSessions } from '../storage/linkSessions';
import { Messages } from '../storage/messages';
import { Teams } from '../storage/teams';
import { Users } from '../storage/users';
import { WebhookEndpoints } from '../storage/webhookEndpoints';
import type { ConnectionWorkflows } from '../temporal/connectionWorkflows';
import { type ConnectServices, linkTiming } from './connectServices';

/** What both processes have at hand already. */
export interface ConnectParts {
  readonly db: Db;
  readonly log: Logger;
  readonly keyring: Keyring;
  readonly dexcom: DexcomApps;
  readonly workflows: ConnectionWorkflows;
  readonly publicUrl: string;
}

export const createConnectServices = ({ db, ...parts }: ConnectParts): ConnectServices => ({
  ...parts,
  linkSessions: new LinkSessions(db),
  linkConsents: new LinkConsents(db),
  users: new Users(db),
  teams: new Teams(db),
  accountClaims: new AccountClaims(db),
  connections: new Connections(db),
  grants: new Grants(db),
  outbox: { messages: new Messages(db), endpoints: new WebhookEndpoints(db) },
  linkTokens: createLinkTokens(parts.keyring, `${parts.publicUrl}/v2/link`),
  linkTiming,
});
