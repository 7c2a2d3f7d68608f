import { setTimeout as sleep } from 'node:timers/promises';
import { SyncFailure } from '../../src/sync/syncFailure';
import { gatedDb } from './gatedDb';
import { correct, type Story, toldAndCorrected } from './pullStories';
import { type Person, pullOnce, type SyncWorld, sparsePerson, syncWorld } from './syncWorld';
import { INNOCENT, verdict } from './verdict';

class Killed extends Error {}

const SEEDS = Array.from({ length: 15 }, (_, seed) => seed + 1);

/** The same numbers for the same seed, in [0, 1). */
function randomFrom(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0;
    return state / 2 ** 32;
  };
}

describe('four pulls at once, their operations in any order, some of them killed', () => {
  let world: SyncWorld;
  let person: Person;

  beforeAll(async () => {
    world = await syncWorld({ historyDays: 3, delay: '0s' });
    person = await sparsePerson(world);
  });
  afterAll(() => world.close());

  /** Each operation waits a little, differently each time, and one in forty is the last of its process. */
  async function hurriedPull({ connection, window }: Story, random: () => number): Promise<void> {
    let dead = false;
    const db = gatedDb(world.database.db, async () => {
      await sleep(random() * 12);
      dead ||= random() < 1 / 40;
      if (dead) throw new Killed();
    });
    await pullOnce(world.depsOver(db), connection, window).catch((error: unknown) => {
      if (!(error instanceof Killed) && !(error instanceof SyncFailure && error.type === 'Superseded')) throw error;
    });
  }

  test.each(SEEDS)('leave every reading told once and every correction true: seed %i', async (seed) => {
    const random = randomFrom(seed);
    const story = await toldAndCorrected(world, person, 20);
    const pulls = [1, 2, 3, 4].map(async () => {
      await sleep(random() * 60);
      await hurriedPull(story, random);
    });
    await sleep(random() * 60);
    await correct(world, person, story.window.from);
    await Promise.all(pulls);

    await pullOnce(world.deps, story.connection, story.window);
    expect(await verdict(world, person, story.connection, story.window)).toEqual(INNOCENT);
  });
});
