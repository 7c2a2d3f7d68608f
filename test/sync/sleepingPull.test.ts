import { SyncFailure } from '../../src/sync/syncFailure';
import { everywhere } from './everywhere';
import { type Gate, gatedDb } from './gatedDb';
import { correct, type Story, toldAndCorrected, unreadHistory, unreadStretch, untoldNews } from './pullStories';
import { sleepingGate } from './sleepingGate';
import { type Person, pullOnce, type SyncWorld, sparsePeople, syncWorld } from './syncWorld';
import { messagesOfType } from './told';
import { INNOCENT, verdict } from './verdict';

describe('a pull that falls asleep between any two database operations and wakes up after another has taken over', () => {
  let world: SyncWorld;
  let people: Person[];

  beforeAll(async () => {
    world = await syncWorld({ historyDays: 3, delay: '0s' });
    people = await sparsePeople(world);
  });
  afterAll(() => world.close());

  /** @returns what it ends with, null if well */
  const pullThrough = (gate: Gate, { connection, window }: Story): Promise<unknown> =>
    pullOnce(world.depsOver(gatedDb(world.database.db, gate)), connection, window).then(
      () => null,
      (error: unknown) => error,
    );

  /** Lets `meanwhile` happen, whose last pull sees all there is, while another pull sleeps at each of its operations in turn. */
  const asleepEverywhere = (
    begin: (person: Person) => Promise<Story>,
    meanwhile: (story: Story, person: Person) => Promise<void>,
  ): Promise<number> =>
    everywhere(people, async (at, person) => {
      const story = await begin(person);
      const { gate, asleepBefore, wake } = sleepingGate(at);
      const ending = pullThrough(gate, story);
      const slept = await asleepBefore(ending);
      await meanwhile(story, person);
      wake();
      const ended = await ending;
      if (ended !== null && !(ended instanceof SyncFailure && ended.type === 'Superseded')) throw ended;

      const harm = await verdict(world, person, story.connection, story.window);
      expect({ at, ...harm }).toEqual({ at, ...INNOCENT });
      await pullOnce(world.deps, story.connection, story.window);
      expect({ at, ...(await verdict(world, person, story.connection, story.window)) }).toEqual({ at, ...INNOCENT });
      return slept;
    });

  test('tells no reading of news a second time', async () => {
    const points = await asleepEverywhere(
      (person: Person) => untoldNews(world, person, 30),
      async ({ connection, window }) => {
        await pullOnce(world.deps, connection, window);
      },
    );
    expect(points).toBeGreaterThan(15);
  });

  test('brings no old value back when readings were corrected while it slept', async () => {
    await asleepEverywhere(
      (person: Person) => toldAndCorrected(world, person, 20),
      async ({ connection, window }, person) => {
        await correct(world, person, window.from);
        await pullOnce(world.deps, connection, window);
      },
    );
  });

  test.each([
    ['a window', (person: Person) => untoldNews(world, person, 4)],
    ['the last window of a stretch', (person: Person) => unreadStretch(world, person)],
  ])('does not bring back a value of %s that was taken back while it slept', async (_, begin) => {
    const reviseOldest = async ({ window }: Story, person: Person, change: (mgPerDl: number) => number) => {
      const [oldest] = await world.simulator.control.readings(person.id, { from: window.from, to: window.from + 3_600_000 });
      if (!oldest?.mgPerDl) throw new Error('nobody has measured anything');
      await world.simulator.control.reviseReading(person.id, oldest.key, change(oldest.mgPerDl));
    };
    await asleepEverywhere(
      async (person) => {
        const story = await begin(person);
        await pullOnce(world.deps, story.connection, story.window);
        await reviseOldest(story, person, (mgPerDl) => mgPerDl - 1);
        return story;
      },
      async (story, person) => {
        await reviseOldest(story, person, (mgPerDl) => mgPerDl + 1);
        await pullOnce(world.deps, story.connection, story.window);
      },
    );
  });

  test('says once that history is complete, and tells none of it', async () => {
    await asleepEverywhere(
      (person: Person) => unreadStretch(world, person),
      async ({ connection, window }) => {
        await pullOnce(world.deps, connection, window);
        expect(await messagesOfType(world, connection, 'historical.data.glucose.created')).toBe(1);
      },
    );
  });

  test('leaves alone what a live pull and a backfill window write beside it', async () => {
    await asleepEverywhere(
      (person: Person) => unreadHistory(world, person, 10),
      async ({ connection, window }) => {
        await pullOnce(world.deps, connection, { purpose: 'live', from: window.to - 3_600_000, to: Date.now() });
        await pullOnce(world.deps, connection, window);
      },
    );
  });
});
