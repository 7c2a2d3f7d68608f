/** The rules of the protocol in src/users (design §3), each of which can be dropped. */
export interface Rules {
  /** Whoever meets the claim of a user that was never written writes them. */
  readonly completeCreates: boolean;
  /** A claim says that its user is written, once they are. */
  readonly saySettled: boolean;
  /** A claim is replaced or dropped only as it was read; otherwise by its holder's name. */
  readonly claimsAsRead: boolean;
  /** A deletion is made final before its user's id becomes somebody else's. */
  readonly finalFirst: boolean;
  /** Who takes an idle claim makes the change under way of its holder fail first. */
  readonly disturb: boolean;
  /** What a user gives up is read before the rename is decided. */
  readonly oldClaimFirst: boolean;
}

export const ALL_RULES: Rules = {
  completeCreates: true,
  saySettled: true,
  claimsAsRead: true,
  finalFirst: true,
  disturb: true,
  oldClaimFirst: true,
};

export type Wanted =
  | { readonly does: 'create'; readonly user: string; readonly id: string }
  | { readonly does: 'rename'; readonly user: string; readonly id: string }
  | { readonly does: 'delete' | 'undo' | 'erase'; readonly user: string };

export interface World {
  /** Live users there are at first, and the client user id of each. */
  readonly users: Readonly<Record<string, string>>;
  readonly callers: readonly Wanted[];
}

export interface User {
  id: string;
  /** Which deletion it is; 0: live. */
  deleted: number;
  final: boolean;
}

export interface Claim {
  user: string;
  /** The user may have to be written still. */
  pending: boolean;
  from: { user: string; deleted: number } | null;
}

/** What a caller remembers of a document, and whether it still is as read: all that a `rev` or a `nonce` ever tells. */
export type Read<Doc> = Doc & { of: string; current: boolean };

export type Place =
  | 'begin'
  | 'readOld'
  | 'insert'
  | 'read'
  | 'renew'
  | 'finalize'
  | 'lookFrom'
  | 'conclude'
  | 'look'
  | 'complete'
  | 'saySettled'
  | 'takeOver'
  | 'disturb'
  | 'steal'
  | 'act'
  | 'clear'
  | 'remove'
  | 'done';

export interface Caller {
  at: Place;
  /** As read. */
  user: Read<User> | null;
  old: Read<Claim> | null;
  claim: Read<Claim> | null;
  /** The user that was found at the claim. */
  found: Read<User> | null;
  answer: string | null;
}

export interface State {
  users: Record<string, User>;
  claims: Record<string, Claim>;
  deletions: number;
  callers: Caller[];
}

export const idle: Caller = { at: 'begin', user: null, old: null, claim: null, found: null, answer: null };

/** What the world is before anything has happened. */
export const start = ({ users, callers }: World, rules: Rules): State => ({
  users: Object.fromEntries(Object.entries(users).map(([name, id]) => [name, { id, deleted: 0, final: false }])),
  claims: Object.fromEntries(Object.entries(users).map(([name, id]) => [id, { user: name, pending: !rules.saySettled, from: null }])),
  deletions: 0,
  callers: callers.map(() => idle),
});

export const readUser = ({ users }: State, of: string): Read<User> | null => (users[of] ? { ...users[of], of, current: true } : null);

export const readClaim = ({ claims }: State, of: string): Read<Claim> | null => (claims[of] ? { ...claims[of], of, current: true } : null);

export function createUser(state: State, name: string, id: string): void {
  state.users[name] ??= { id, deleted: 0, final: false };
}

export function writeUser(state: State, name: string, change: Partial<User> | null): void {
  const before = state.users[name];
  if (!before || change === null) delete state.users[name];
  else Object.assign(before, change);
  for (const { user, found } of state.callers) for (const read of [user, found]) if (read?.of === name) read.current = false;
}

export function writeClaim(state: State, id: string, next: Claim | null): void {
  if (next === null) delete state.claims[id];
  else state.claims[id] = next;
  for (const { claim, old } of state.callers) for (const read of [claim, old]) if (read?.of === id) read.current = false;
}
