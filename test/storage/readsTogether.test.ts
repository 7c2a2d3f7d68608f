import fc from 'fast-check';
import { readsTogether } from '../../src/storage/readsTogether';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('reads that go together', () => {
  test('answer each by one that began after they had asked, for their own id and team', async () => {
    const asks = fc.array(
      fc.record({ gapMs: fc.nat({ max: 6 }), team: fc.constantFrom('a', 'b'), id: fc.constantFrom('1', '2', 'nobody') }),
      { minLength: 1, maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(asks, async (asked) => {
        let clock = 0;
        const underWay = new Map<string, number>();
        const read = readsTogether(async (team, ids) => {
          const began = clock++;
          expect(new Set(ids).size).toBe(ids.length);
          underWay.set(team, (underWay.get(team) ?? 0) + 1);
          expect(underWay.get(team)).toBe(1);
          await pause(4);
          underWay.set(team, 0);
          return new Map(ids.filter((id) => id !== 'nobody').map((id) => [id, { team, id, began }]));
        });
        await Promise.all(
          asked.map(async ({ gapMs, team, id }) => {
            await pause(gapMs);
            const at = clock++;
            const found = await read(team, id);
            if (id === 'nobody') return expect(found).toBeNull();
            expect(found).toMatchObject({ team, id });
            expect(found?.began).toBeGreaterThan(at);
          }),
        );
      }),
      { numRuns: 30 },
    );
  });

  test('are two for a hundred who ask at one moment', async () => {
    let reads = 0;
    const read = readsTogether(async (_team, ids) => {
      reads++;
      await pause(10);
      return new Map(ids.map((id) => [id, id]));
    });
    const ids = Array.from({ length: 100 }, (_, n) => String(n));
    expect(await Promise.all(ids.map((id) => read('team', id)))).toEqual(ids);
    expect(reads).toBe(2);
  });

  test('fail together, and the next begins afresh', async () => {
    let reads = 0;
    const read = readsTogether(async (_team, ids) => {
      if (++reads <= 2) throw new Error('away');
      return new Map(ids.map((id) => [id, id]));
    });
    const failed = await Promise.allSettled([read('team', '1'), read('team', '2'), read('team', '3')]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await read('team', '4')).toBe('4');
  });

  test('wait for no read that hangs, neither those who were there nor those who come', async () => {
    const hanging = new Promise<never>(() => undefined);
    let reads = 0;
    const read = readsTogether(async (_team, ids) => (++reads === 1 ? hanging : new Map(ids.map((id) => [id, id]))));
    void read('team', 'held up');
    expect(await read('team', 'waiting')).toBe('waiting');
    expect(await read('team', 'later')).toBe('later');
  });
});
