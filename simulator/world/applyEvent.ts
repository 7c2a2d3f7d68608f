import type { Rotation, TokenPair } from '../oauth/grant';
import type { WorldEvent } from './events';
import type { State } from './state';

/** Adds one event to the state. Total: an event that names what is not there changes nothing. */
export function applyEvent(state: State, event: WorldEvent): void {
  switch (event.kind) {
    case 'created':
      state.seed = event.seed;
      return;
    case 'clockSet':
      state.clock = event.clock;
      return;
    case 'settingsChanged':
      state.settings = { ...state.settings, ...event.change };
      return;
    case 'appPut':
      state.apps.set(event.app.clientId, event.app);
      return;
    case 'recordingAdded':
      state.recordings.set(event.recording.id, event.recording);
      return;
    case 'personPut':
      state.people.set(event.person.id, event.person);
      return;
    case 'corrected':
      change(state.people, event.personId, (person) => ({ ...person, corrections: [...person.corrections, event.correction] }));
      return;
    case 'scenarioApplied':
      state.scenarios.set(event.name, event.at);
      return;
    case 'codeIssued':
      state.codes.set(event.code.code, event.code);
      return;
    case 'codeExchanged':
      change(state.codes, event.code, (code) => ({ ...code, usedAt: event.pair.issuedAt }));
      state.grants.set(event.grant.id, event.grant);
      keepPair(state, event.pair);
      return;
    case 'rotated':
      rotate(state, event);
      return;
    case 'rotationRepeated':
      change(state.rotations, event.id, (rotation) => ({ ...rotation, repeats: rotation.repeats + 1 }));
      return;
    case 'rotationAnswered':
      change(state.rotations, event.id, (rotation) => ({ ...rotation, answer: bestAnswer(rotation, event.answer) }));
      return;
    case 'rotationUsed':
      change(state.rotations, event.id, (rotation) => ({ ...rotation, firstUsedAt: rotation.firstUsedAt ?? event.at }));
      return;
    case 'grantEnded':
      change(state.grants, event.grantId, (grant) => ({ ...grant, endedAt: grant.endedAt ?? event.at }));
      return;
    case 'faultAdded':
      state.faultsEver++;
      state.faults.set(event.id, { ...event.fault, id: event.id, number: state.faultsEver, matched: 0, hits: 0 });
      return;
    case 'faultMet':
      change(state.faults, event.id, (fault) => ({ ...fault, matched: fault.matched + 1, hits: fault.hits + Number(event.hit) }));
      return;
    case 'faultCleared':
      state.faults.delete(event.id);
      return;
    case 'called':
      keepCall(state, event.call);
      return;
    case 'callDropped':
      state.dropped.add(event.number);
  }
}

function rotate(state: State, { id, spent, successor }: Extract<WorldEvent, { kind: 'rotated' }>): void {
  const grant = state.grants.get(successor.grantId);
  if (!grant) return;
  const { personId, clientId } = grant;
  const rotation: Rotation = {
    id,
    grantId: grant.id,
    personId,
    clientId,
    at: successor.issuedAt,
    spent,
    successor,
    answer: 'issued',
    repeats: 0,
    firstUsedAt: null,
  };
  state.rotations.set(id, rotation);
  state.rotationOfSpent.set(spent, id);
  state.rotationOfGiven.set(successor.accessToken, id);
  state.rotationOfGiven.set(successor.refreshToken, id);
  keepPair(state, successor);
}

/** Given twice and dropped once is answered. */
const bestAnswer = (rotation: Rotation, answer: 'answered' | 'dropped'): Rotation['answer'] =>
  rotation.answer === 'answered' ? 'answered' : answer;

function keepPair(state: State, pair: TokenPair): void {
  state.accessTokens.set(pair.accessToken, pair);
  state.refreshTokens.set(pair.refreshToken, pair);
}

function keepCall(state: State, call: State['calls'][number]): void {
  state.calls.push(call);
  if (call.personId === null) return;
  const calls = state.callsOfPerson.get(call.personId);
  if (calls) calls.push(call);
  else state.callsOfPerson.set(call.personId, [call]);
}

function change<T>(map: Map<string, T>, id: string, next: (value: T) => T): void {
  const value = map.get(id);
  if (value !== undefined) map.set(id, next(value));
}
