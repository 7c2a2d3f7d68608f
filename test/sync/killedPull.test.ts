import { everywhere } from './everywhere';
import { gatedDb } from './gatedDb';
import { type Story, toldAndCorrected, unreadStretch, untoldNews } from './pullStories';
import { type Person, pullOnce, type SyncWorld, sparsePeople, syncWorld } from './syncWorld';
import { messagesOfType, storedReadings, toldReadings } from './told';
import { INNOCENT, verdict } from './verdict';

class Killed extends Error {}

describe('a pull killed between any two database operations', () => {
  let world: SyncWorld;
  let people: Person[];

  beforeAll(async () => {
    world = await syncWorld({ historyDays: 3, delay: '0s' });
    people = await sparsePeople(world);
  });
  afterAll(() => world.close());

  /** @returns whether it died: the last operations come back alive */
  async function pullUntilKilled({ connection, window }: Story, at: number): Promise<boolean> {
    const dying = gatedDb(world.database.db, async (operation) => {
      if (operation >= at) throw new Killed();
    });
    const dead = await pullOnce(world.depsOver(dying), connection, window).then(
      () => null,
      (error: unknown) => error,
    );
    if (dead !== null && !(dead instanceof Killed)) throw dead;
    return dead !== null;
  }

  const killedEverywhere = (begin: (person: Person) => Promise<Story>, check: (story: Story) => Promise<void>): Promise<number> =>
    everywhere(people, async (at, person) => {
      const story = await begin(person);
      const died = await pullUntilKilled(story, at);
      await pullOnce(world.deps, story.connection, story.window);
      expect({ at, ...(await verdict(world, person, story.connection, story.window)) }).toEqual({ at, ...INNOCENT });
      await check(story);
      return died;
    });

  test('publishes each reading of news exactly once when it is repeated', async () => {
    const points = await killedEverywhere(
      (person) => untoldNews(world, person, 30),
      async ({ connection }) => {
        const stored = await storedReadings(world, connection);
        expect(await world.connectionNow(connection)).toMatchObject({ readings: stored.length, open: [] });
      },
    );
    expect(points).toBeGreaterThan(15);
  });

  test('tells a correction in one `updated` and a late reading in one `created`', async () => {
    await killedEverywhere(
      (person) => toldAndCorrected(world, person, 20),
      async () => undefined,
    );
  });

  test('stores history silently, completely and counted right, goes on where the dead one left off, and says once that it is complete', async () => {
    const points = await killedEverywhere(
      (person) => unreadStretch(world, person),
      async ({ connection, window }) => {
        expect(await messagesOfType(world, connection, 'historical.data.glucose.created')).toBe(1);
        const { backfill, readings, open } = await world.connectionNow(connection);
        expect(backfill).toMatchObject({ doneBackTo: window.from, windowsDone: 3, windowsTotal: 3, readings, endedAt: expect.any(Number) });
        expect({ open, readings }).toEqual({ open: [], readings: (await storedReadings(world, connection)).length });
      },
    );
    expect(points).toBeGreaterThan(15);
  });

  test('is published by the next pull, whatever its window', async () => {
    await everywhere(people, async (at, person) => {
      const story = await untoldNews(world, person, 60);
      const died = await pullUntilKilled(story, at);
      await pullOnce(world.deps, story.connection, { purpose: 'live', from: story.window.to - 1, to: story.window.to });
      expect(await world.deps.glucoseDays.unpublishedOf(story.connection)).toEqual([]);
      const told = await toldReadings(world, story.connection);
      expect(new Set(told.map(({ recordId }) => recordId))).toEqual(
        new Set((await storedReadings(world, story.connection)).map(({ recordId }) => recordId)),
      );
      return died;
    });
  });

  test('twice in a row is made good by the third', async () => {
    const firsts = Array.from({ length: 10 }, (_, n) => 1 + 3 * n);
    const twiceKilled = async (first: number, person: Person): Promise<void> => {
      const story = await toldAndCorrected(world, person, 20);
      await pullUntilKilled(story, first);
      await pullUntilKilled(story, (first * 7) % 19);
      await pullOnce(world.deps, story.connection, story.window);
      expect({ first, ...(await verdict(world, person, story.connection, story.window)) }).toEqual({ first, ...INNOCENT });
    };
    await Promise.all(
      people.map(async (person, lane) => {
        for (const first of firsts.filter((_, n) => n % people.length === lane)) await twiceKilled(first, person);
      }),
    );
  });
});
