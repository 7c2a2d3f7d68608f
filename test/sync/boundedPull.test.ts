import type { ConnectionDoc, IngestionBounds } from '../../src/storage/connectionDoc';
import { nextStep } from '../../src/workflows/nextStep';
import { afterPull } from '../../src/workflows/outcome';
import type { SyncState } from '../../src/workflows/syncState';
import { idle } from '../workflows/states';
import { untoldNews } from './pullStories';
import { type Person, policy, pullOnce, type SyncWorld, syncWorld } from './syncWorld';
import { storedReadings, toldReadings } from './told';
import { INNOCENT, verdict } from './verdict';

const HOUR_MS = 3_600_000;

describe('a pull of a user whose ingestion is bounded', () => {
  let world: SyncWorld;
  let person: Person;

  beforeAll(async () => {
    world = await syncWorld({ historyDays: 3, delay: '0s' });
    person = await world.consent(world.simulator.person);
  });
  afterAll(() => world?.close());

  const said = ({ teamId, userId: _id }: ConnectionDoc, bounds: IngestionBounds, userRev = 2) =>
    world.deps.connections.follow({ teamId, _id }, { clientUserId: 'x', bounds, userRev });

  test('stores and tells what lies within the bounds, and leaves what lies after them uncovered', async () => {
    const { connection, window } = await untoldNews(world, person, 30);
    const bounds = { from: window.from + 6 * HOUR_MS, to: window.from + 20 * HOUR_MS };
    await said(connection, bounds);

    const ledger = await world.simulator.control.readings(person.id, { from: bounds.from, to: bounds.to });
    expect(await pullOnce(world.deps, connection, window)).toMatchObject({ created: ledger.length });
    const stored = await storedReadings(world, connection);
    expect(stored.map(({ at }) => at).sort()).toEqual(ledger.map(({ measuredAt }) => measuredAt).sort());
    expect(await toldReadings(world, connection)).toHaveLength(ledger.length);
    expect(await world.connectionNow(connection)).toMatchObject({ coveredUntil: bounds.to, readings: ledger.length });
  });

  test('after the end says how far it has read, so that the next one reads all that was left out once the end is gone', async () => {
    const { connection, window } = await untoldNews(world, person, 30);
    const end = window.from + 2 * HOUR_MS;
    await said(connection, { from: null, to: end });
    const live = { ...idle.live, liveFrom: window.from, coveredUntil: window.from, nextSweepAt: Infinity, nextDeepSweepAt: Infinity };
    const token = { ...idle.token, expiresAt: Infinity, refreshAt: Infinity };
    const short = { ...policy, overlapMs: HOUR_MS };
    const poll = ({ live: known }: SyncState) => {
      const step = nextStep({ ...idle, backfill: null, token, live: { ...known, nextPollAt: 0 } }, window.to, short);
      if (step.kind !== 'pull') throw new Error(`expected a pull, got ${step.kind}`);
      return step;
    };
    let state: SyncState = { ...idle, live };
    for (let n = 0; n < 2; n++) {
      const step = poll(state);
      state = afterPull(state, step, await pullOnce(world.deps, connection, step), window.to, short);
    }
    expect(state.live.coveredUntil).toBe(end);

    await said(connection, { from: null, to: null }, 3);
    await pullOnce(world.deps, connection, poll(state));
    expect(await verdict(world, person, connection, window)).toEqual(INNOCENT);
  });

  test('of an earlier end never makes what was read unread', async () => {
    const { connection, window } = await untoldNews(world, person, 30);
    await pullOnce(world.deps, connection, window);
    await said(connection, { from: null, to: window.from + HOUR_MS });
    expect(await pullOnce(world.deps, connection, window)).toMatchObject({ coveredUntil: window.to });
    expect(await world.connectionNow(connection)).toMatchObject({ coveredUntil: window.to });
  });

  test('asks Dexcom nothing where nothing is taken', async () => {
    const { connection, window } = await untoldNews(world, person, 30);
    await said(connection, { from: window.to, to: null });
    await world.simulator.control.addFault({ endpoints: ['egvs'], kind: 'status', status: 500, times: null });
    try {
      expect(await pullOnce(world.deps, connection, window)).toMatchObject({ created: 0, readings: 0 });
    } finally {
      await world.simulator.control.clearFaults();
    }
  });
});
