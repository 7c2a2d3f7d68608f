import type { Recording } from '../clarity/recording';
import type { Fault } from '../faults/fault';
import type { Call } from '../ledger/call';
import type { App, Code, Grant, Rotation, TokenPair } from '../oauth/grant';
import type { Person } from '../people/person';
import type { ClockSetting } from './clock';
import { DEFAULT_SETTINGS, type Settings } from './settings';

/** What the journal adds up to. Changed by `applyEvent` alone. */
export interface State {
  seed: string;
  clock: ClockSetting;
  settings: Settings;
  readonly apps: Map<string, App>;
  readonly people: Map<string, Person>;
  readonly recordings: Map<string, Recording>;
  /** When each began. */
  readonly scenarios: Map<string, number>;
  readonly codes: Map<string, Code>;
  readonly grants: Map<string, Grant>;
  /** By access token. */
  readonly accessTokens: Map<string, TokenPair>;
  /** By refresh token, spent ones too. */
  readonly refreshTokens: Map<string, TokenPair>;
  readonly rotations: Map<string, Rotation>;
  /** Rotation id by the refresh token it spent, and by either token it gave. */
  readonly rotationOfSpent: Map<string, string>;
  readonly rotationOfGiven: Map<string, string>;
  readonly faults: Map<string, Fault>;
  faultsEver: number;
  readonly calls: Call[];
  readonly callsOfPerson: Map<string, Call[]>;
  /** Numbers of calls whose answer never left whole. */
  readonly dropped: Set<number>;
}

export const emptyState = (realNow: number): State => ({
  seed: '',
  clock: { simulatedAt: realNow, realAt: realNow, rate: 1 },
  settings: DEFAULT_SETTINGS,
  apps: new Map(),
  people: new Map(),
  recordings: new Map(),
  scenarios: new Map(),
  codes: new Map(),
  grants: new Map(),
  accessTokens: new Map(),
  refreshTokens: new Map(),
  rotations: new Map(),
  rotationOfSpent: new Map(),
  rotationOfGiven: new Map(),
  faults: new Map(),
  faultsEver: 0,
  calls: [],
  callsOfPerson: new Map(),
  dropped: new Set(),
});
