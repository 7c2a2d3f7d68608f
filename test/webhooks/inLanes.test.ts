import fc from 'fast-check';
import { createInFlight } from '../../src/webhooks/inFlight';
import { inLanes } from '../../src/webhooks/inLanes';

const items = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), ms: fc.integer({ min: 0, max: 3 }) }), { maxLength: 30 });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('items in lanes', () => {
  test('all run, each key’s strictly in order, never more at a time than there are lanes', async () => {
    await fc.assert(
      fc.asyncProperty(items, fc.integer({ min: 1, max: 5 }), async (given, lanes) => {
        const numbered = given.map((item, n) => ({ ...item, n }));
        const begun: typeof numbered = [];
        const busy: string[] = [];
        await inLanes(numbered, { lanes, keyOf: ({ key }) => key }, async (item) => {
          expect(busy).not.toContain(item.key);
          busy.push(item.key);
          expect(busy.length).toBeLessThanOrEqual(lanes);
          begun.push(item);
          await pause(item.ms);
          busy.splice(busy.indexOf(item.key), 1);
          return true;
        });
        for (const key of ['a', 'b', 'c', 'd']) {
          const of = (list: typeof numbered) => list.filter((item) => item.key === key).map(({ n }) => n);
          expect(of(begun)).toEqual(of(numbered));
        }
        if (lanes === 1) expect(begun).toEqual(numbered);
      }),
      { numRuns: 40 },
    );
  });

  test('nothing begins after one that was not taken, and what has begun is waited for', async () => {
    const begun: number[] = [];
    let ended = 0;
    await inLanes([1, 2, 3, 4, 5, 6], { lanes: 2, keyOf: String }, async (n) => {
      begun.push(n);
      await pause(n === 2 ? 1 : 20);
      ended++;
      return n !== 2;
    });
    expect(begun).toEqual([1, 2]);
    expect(ended).toBe(2);
  });

  test('an error ends it the same way, and comes out', async () => {
    const begun: number[] = [];
    const run = inLanes([1, 2, 3], { lanes: 1, keyOf: String }, async (n) => {
      begun.push(n);
      if (n === 2) throw new Error('storage is away');
      return true;
    });
    await expect(run).rejects.toThrow('storage is away');
    expect(begun).toEqual([1, 2]);
  });
});

describe('places for posts', () => {
  test('are handed on in the order asked for, and given back once', async () => {
    const inFlight = createInFlight(1);
    const later = () => Date.now() + 5_000;
    const first = await inFlight.enter('e', later());
    const order: string[] = [];
    const second = inFlight.enter('e', later()).then((leave) => [order.push('second'), leave] as const);
    const third = inFlight.enter('e', later()).then((leave) => [order.push('third'), leave] as const);
    first?.();
    first?.();
    const [, leaveSecond] = await second;
    expect(order).toEqual(['second']);
    leaveSecond?.();
    await third;
    expect(order).toEqual(['second', 'third']);
  });

  test('of one endpoint are not another’s, and who waits in vain is told', async () => {
    const inFlight = createInFlight(1);
    const leave = await inFlight.enter('e', Date.now());
    expect(await inFlight.enter('f', Date.now())).toEqual(expect.any(Function));
    expect(await inFlight.enter('e', Date.now() + 20)).toBeNull();
    leave?.();
    expect(await inFlight.enter('e', Date.now())).toEqual(expect.any(Function));
  });
});
