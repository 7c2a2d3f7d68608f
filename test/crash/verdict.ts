import type { Engine } from '../engine/engine';
import { eventually } from '../engine/eventually';
import { allReadings, announced, repeated, visible } from '../engine/judge';
import { providerOf } from '../engine/provider';

export interface ConnectedPerson {
  readonly person: string;
  readonly userId: string;
  /** Before the consent and after the API has answered it: only between the two may a reading be either history or news. */
  readonly connectedBetween: readonly [number, number];
}

/** Approves `person` through the real pages. */
export async function connectPerson(engine: Engine, person: string): Promise<ConnectedPerson> {
  const before = Date.now();
  const userId = await engine.connect(person);
  return { person, userId, connectedBetween: [before, Date.now()] };
}

/** Everybody the simulator has, connected. */
export async function connectEverybody(engine: Engine): Promise<ConnectedPerson[]> {
  const people = await engine.simulator.control.people();
  return Promise.all(people.map(({ id }) => connectPerson(engine, id)));
}

/** Until all histories have been read and announced. */
export const historiesEnded = (engine: Engine, people: readonly ConnectedPerson[], withinMs = 240_000): Promise<void> =>
  eventually(
    () => {
      const ended = engine.receiver.distinct('historical.data.glucose.created').map(({ body }) => body.user_id);
      expect(ended.toSorted()).toEqual(people.map(({ userId }) => userId).toSorted());
    },
    { withinMs },
  );

/** The simulator's ledger judges: what was visible by now is stored once. */
export async function expectAllStoredOnce(engine: Engine, { person, userId }: ConnectedPerson): Promise<void> {
  const ledger = (await visible(engine, person, Date.now())).map(({ recordId }) => recordId);
  await eventually(async () => {
    const stored = (await allReadings(engine, userId)).map(({ record_id }) => record_id);
    expect(repeated(stored)).toEqual([]);
    expect(missing(ledger, stored)).toEqual([]);
  });
}

/** How far before a consent the ledger is asked reading by reading; of what is older an instant tells that it is history. */
const LEDGER_BEFORE_MS = 86_400_000;

/**
 * What was measured since the consent is in exactly one `created` over distinct message ids, what could be seen before it in none. Measured
 * before and visible only later is neither: it is news if a live pull finds it first (design §2, "History and news").
 */
export async function expectNewsToldOnce(
  engine: Engine,
  { person, userId, connectedBetween: [before, after] }: ConnectedPerson,
): Promise<void> {
  const { news, history } = await eventually(async () => {
    const ledger = await visible(engine, person, Date.now(), before - LEDGER_BEFORE_MS);
    const news = ledger.filter(({ measuredAt }) => measuredAt > after).map(({ recordId }) => recordId);
    const history = new Set(ledger.filter(({ visibleAt }) => visibleAt !== null && visibleAt < before).map(({ recordId }) => recordId));
    // Less would prove nothing.
    expect(news.length).toBeGreaterThan(3);
    expect(history.size).toBeGreaterThan(100);
    return { news, history };
  });

  await eventually(() => {
    const told = announced(engine.receiver.distinct('daily.data.glucose.created'), userId);
    const ids = told.map(({ record_id }) => record_id);
    expect(repeated(ids)).toEqual([]);
    expect(missing(news, ids)).toEqual([]);
    expect(ids.filter((id) => history.has(id))).toEqual([]);
    expect(told.filter(({ timestamp }) => Date.parse(timestamp) < before - LEDGER_BEFORE_MS)).toEqual([]);
  });
}

/** No correction was made up, and every request carried a signature that the public library accepts. */
export function expectNothingElse(engine: Engine): void {
  expect(engine.receiver.distinct('daily.data.glucose.updated')).toEqual([]);
  expect(engine.receiver.refused).toEqual([]);
}

export async function expectConnected(engine: Engine, { userId }: ConnectedPerson): Promise<void> {
  expect(await providerOf(engine, userId)).toMatchObject({ status: 'connected' });
}

function missing(wanted: readonly string[], there: readonly string[]): string[] {
  const known = new Set(there);
  return wanted.filter((id) => !known.has(id));
}
