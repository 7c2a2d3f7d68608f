import type { Breach, Model, Move } from './engine';
import { at } from './engine';
import {
  type Caller,
  type Claim,
  createUser,
  idle,
  type Place,
  type Read,
  type Rules,
  readClaim,
  readUser,
  type State,
  start,
  type Wanted,
  type World,
  writeClaim,
  writeUser,
} from './userWorld';

const MOST_STEPS = 100;

/**
 * Client user ids (design §3): a claim says who may have one, the user's own document whether they have it. Creating, renaming, deleting and
 * undoing at once, each step one read or one conditional update. The protocol is src/users; the updates are those of src/storage/users.ts and
 * src/storage/userClaims.ts.
 */
export function user({ users, callers }: World, rules: Rules): Model<State> {
  function step(state: State, caller: Caller, wanted: Wanted): string {
    const go = (what: string, next: Place): string => {
      caller.at = next;
      if (next === 'insert') Object.assign(caller, { claim: null, found: null });
      return what;
    };
    const answer = (what: string): string => {
      Object.assign(caller, { ...idle, at: 'done', answer: what });
      return `is told: ${what}`;
    };
    const mine = state.users[wanted.user];
    /** The client user id whose claim is looked at. */
    const id = 'id' in wanted ? wanted.id : (caller.user?.id ?? '');
    const claimed = (from: Claim['from']): Claim => ({ user: wanted.user, pending: wanted.does === 'create', from });
    const replace = (next: Claim): boolean => {
      if (!isAsRead(state, caller.claim)) return false;
      writeClaim(state, id, next);
      return true;
    };
    const again = wanted.does === 'undo' ? 'read' : 'insert';

    switch (caller.at) {
      case 'begin':
        if (wanted.does === 'create') return go('begins', 'insert');
        if (wanted.does === 'delete') {
          if (!mine || mine.deleted > 0) return answer('absent');
          writeUser(state, wanted.user, { deleted: ++state.deletions, final: false });
          return answer('deleted');
        }
        if (!mine || mine.deleted > 0 !== (wanted.does !== 'rename')) return answer('absent');
        caller.user = { ...mine, of: wanted.user, current: true };
        if (wanted.does === 'rename') return go('reads its user', rules.oldClaimFirst ? 'readOld' : 'insert');
        return go('reads its user', wanted.does === 'undo' ? 'read' : 'act');
      case 'readOld':
        caller.old = readClaim(state, caller.user?.id ?? '');
        return go('reads the claim it will give up', rules.oldClaimFirst ? 'insert' : 'clear');
      case 'insert':
        // A failed insert changes nothing, so the read that follows it is one step with it.
        if (state.claims[id]) return read();
        writeClaim(state, id, claimed(null));
        caller.claim = readClaim(state, id);
        return go('claims the id', 'act');
      case 'read':
        return read();
      case 'renew':
        if (!replace(claimed(null))) return go('finds its claim changed', 'insert');
        caller.claim = readClaim(state, id);
        return go('renews its claim', 'act');
      case 'finalize': {
        const from = caller.claim?.from;
        if (!from || state.users[from.user]?.deleted !== from.deleted) return go('finds no deletion to make final', 'lookFrom');
        writeUser(state, from.user, { final: true });
        return go('makes the deletion final', 'conclude');
      }
      case 'lookFrom':
        caller.found = readUser(state, caller.claim?.from?.user ?? '');
        return go('looks whether the user came back', 'conclude');
      case 'conclude': {
        const { claim, found } = caller;
        if (claim)
          replace(found ? { user: found.of, pending: false, from: null } : { user: claim.user, pending: claim.pending, from: null });
        return go(found ? 'gives the claim back' : 'concludes the takeover', again);
      }
      case 'look':
        return look();
      case 'complete':
        createUser(state, caller.claim?.user ?? '', id);
        return go('writes the user of the claim', again);
      case 'saySettled':
        if (caller.claim) replace({ user: caller.claim.user, pending: false, from: null });
        if (caller.claim?.user === wanted.user && wanted.does === 'create') return answer('created');
        return go('says that the user is written', again);
      case 'takeOver': {
        const { found } = caller;
        replace(claimed(found && { user: found.of, deleted: found.deleted }));
        return go('begins to take the id over', 'insert');
      }
      case 'disturb':
        if (!caller.found?.current) return go('finds the holder changed', 'insert');
        writeUser(state, caller.found.of, {});
        return go('disturbs the holder', 'steal');
      case 'steal':
        replace(claimed(null));
        return go('takes the idle claim', 'insert');
      case 'act':
        return act(state, caller, wanted, go, answer);
      case 'clear': {
        if (caller.old?.user === wanted.user && isAsRead(state, caller.old)) writeClaim(state, caller.old.of, null);
        if (wanted.does !== 'erase') return answer('renamed');
        for (const [name, claim] of Object.entries(state.claims)) {
          if (claim.user === wanted.user) writeClaim(state, name, null);
          else if (claim.from?.user === wanted.user) claim.from = null;
        }
        return go('forgets the claims', 'remove');
      }
      case 'remove':
        writeUser(state, wanted.user, null);
        return answer('erased');
      default:
        throw new Error(`no step at ${caller.at}`);
    }

    function read(): string {
      caller.claim = readClaim(state, id);
      if (!caller.claim) return wanted.does === 'undo' ? answer('absent') : go('finds no claim', 'insert');
      if (caller.claim.from) return go('reads a claim that is being taken over', rules.finalFirst ? 'finalize' : 'conclude');
      return go('reads the claim', caller.claim.user === wanted.user && wanted.does !== 'undo' ? 'renew' : 'look');
    }

    function look(): string {
      const holder = caller.claim?.user ?? '';
      const found = readUser(state, holder);
      if (!found && caller.claim?.pending && rules.completeCreates) return go('finds no user', 'complete');
      if (found && caller.claim?.pending && rules.saySettled) return go('finds the user written', 'saySettled');
      const hasId = found?.id === id;
      if (wanted.does === 'undo') {
        const isIt = hasId && holder === wanted.user && found.deleted > 0;
        return isIt ? go('finds the id its own', 'act') : answer('absent');
      }
      if (hasId && found.deleted === 0) return answer('taken');
      caller.found = found;
      if (hasId) return go('finds a deleted user', 'takeOver');
      return go('finds nobody with the id', found && rules.disturb ? 'disturb' : 'steal');
    }
  }

  /** Decides: one update of the user's document. */
  function act(
    state: State,
    caller: Caller,
    wanted: Wanted,
    go: (what: string, next: Place) => string,
    answer: (what: string) => string,
  ): string {
    const mine = state.users[wanted.user];
    switch (wanted.does) {
      case 'create':
        createUser(state, wanted.user, wanted.id);
        return rules.saySettled ? go('writes its user', 'saySettled') : answer('created');
      case 'rename':
        if (!mine || mine.deleted > 0 || !caller.user?.current) {
          Object.assign(caller, idle);
          return 'finds its user changed';
        }
        writeUser(state, wanted.user, { id: wanted.id });
        return go('renames its user', rules.oldClaimFirst ? 'clear' : 'readOld');
      case 'undo':
        if (!mine || mine.final || mine.deleted !== caller.user?.deleted) return answer('absent');
        writeUser(state, wanted.user, { deleted: 0 });
        return answer('undone');
      case 'erase':
        if (!mine || mine.deleted === 0) return answer('absent');
        writeUser(state, wanted.user, { final: true });
        return go('makes the deletion final', 'clear');
      default:
        throw new Error(`nothing to act on for ${wanted.does}`);
    }
  }

  const isAsRead = (state: State, read: Read<Claim> | null): boolean =>
    read !== null && (rules.claimsAsRead ? read.current : state.claims[read.of]?.user === read.user);

  /** @returns the answer, or that there was none */
  function runAlone(state: State, wanted: Wanted): string {
    const caller = { ...idle };
    state.callers.push(caller);
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      step(state, caller, wanted);
      if (caller.at === 'done') return caller.answer ?? '';
    }
    return 'no answer';
  }

  return {
    initial: start({ users, callers }, rules),

    moves: (state) =>
      state.callers.flatMap((caller, index): Move<State>[] => {
        if (caller.at === 'done') return [];
        const wanted = at(callers, index);
        return [(draft) => `${wanted.does} ${wanted.user} (${index}) ${step(draft, at(draft.callers, index), wanted)}`];
      }),

    broken(state) {
      const breaches: Breach[] = [];
      const breach = (invariant: string): void => void breaches.push({ invariant, detail: JSON.stringify(state) });
      const live = (): string[] => Object.values(state.users).flatMap((one) => (one.deleted === 0 ? [one.id] : []));
      const isUnique = (): boolean => new Set(live()).size === live().length;
      if (!isUnique()) breach('no two live users have one id');
      callers.forEach((wanted, index) => {
        if (
          wanted.does === 'create' &&
          state.callers[index]?.answer === 'created' &&
          !state.users[wanted.user] &&
          !callers.some(isErasing(wanted))
        )
          breach('who was told that they created a user has one');
      });

      // Everybody dies here, and the next caller comes for each id there is.
      const ids = new Set([...Object.keys(state.claims), ...live(), ...callers.flatMap((wanted) => ('id' in wanted ? [wanted.id] : []))]);
      for (const id of ids) {
        const before = live().filter((one) => one === id).length;
        const told = runAlone(state, { does: 'create', user: `new ${id}`, id });
        if (told !== 'created' && told !== 'taken') breach('the next caller gets an answer');
        if (before === 1 && told !== 'taken') breach('a live user keeps their id');
        if (told === 'taken' && !live().includes(id)) breach('an id is taken only by a live user');
      }
      if (!isUnique()) breach('no two live users have one id, whoever comes next');
      return breaches;
    },
  };
}

const isErasing =
  ({ user: created }: Wanted) =>
  ({ does, user: erased }: Wanted): boolean =>
    does === 'erase' && erased === created;
