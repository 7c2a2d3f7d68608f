import fc from 'fast-check';
import { sharedTurns } from '../../src/storage/sharedTurns';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('callers of one team that share turns of the database', () => {
  test('are each answered once, by a turn that began after they had asked, with never two of a team under way', async () => {
    const asking = fc.record({ team: fc.constantFrom('a', 'b'), gap: fc.integer({ min: 0, max: 6 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(asking, { minLength: 1, maxLength: 20 }), async (askings) => {
        let clock = 0;
        const underWay = new Set<string>();
        const taken: string[] = [];
        const ask = sharedTurns(async (team: string, items: readonly string[]) => {
          const began = clock++;
          expect(underWay.has(team)).toBe(false);
          underWay.add(team);
          taken.push(...items);
          await pause(3);
          underWay.delete(team);
          return { began, team, items };
        });
        const names = askings.map(({ team }, n) => `${team}${n}`);
        const asked = askings.map(async ({ team, gap }, n) => {
          await pause(gap);
          const at = clock++;
          const { began, items } = await ask(team, `${team}${n}`);
          expect(began).toBeGreaterThan(at);
          expect(items).toContain(`${team}${n}`);
          expect(items.every((item) => item.startsWith(team))).toBe(true);
        });
        await Promise.all(asked);
        expect(taken.toSorted()).toEqual(names.toSorted());
      }),
      { numRuns: 25 },
    );
  });

  test('who asks alone goes at once and alone; who asks meanwhile goes with the others, a hundred at a time, oldest first', async () => {
    const turns: number[][] = [];
    const ask = sharedTurns(async (_, items: readonly number[]) => {
      turns.push([...items]);
      await pause(1);
    });
    const all = Array.from({ length: 151 }, (_, n) => n);
    await Promise.all(all.map((n) => ask('team', n)));
    expect(turns).toEqual([[0], all.slice(1, 101), all.slice(101)]);
  });

  test('a turn that fails fails for those who were in it, and for nobody after them', async () => {
    const ask = sharedTurns(async (_, items: readonly string[]) => {
      await pause(1);
      if (items.includes('bad')) throw new Error('the database is away');
      return items;
    });
    const answers = ['first', 'bad', 'beside it'].map((item) => ask('team', item));
    const elsewhere = ask('another team', 'unaware');
    expect((await Promise.allSettled(answers)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await elsewhere).toEqual(['unaware']);
    expect(await ask('team', 'later')).toEqual(['later']);
  });

  test('nobody waits for a turn that hangs, neither those who were there nor those who come', async () => {
    const hanging = new Promise<never>(() => undefined);
    let turns = 0;
    const ask = sharedTurns(async (_, items: readonly string[]) => (++turns === 1 ? hanging : items));
    void ask('team', 'held up');
    expect(await ask('team', 'waiting')).toEqual(['waiting']);
    expect(await ask('team', 'later')).toEqual(['later']);
  });
});
