import fc from 'fast-check';
import { sharedCalls } from '../../src/temporal/sharedCalls';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('callers that share a call', () => {
  test('are each answered by one that began after they had asked, with never two of a key under way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 20 }), async (gaps) => {
        let clock = 0;
        let underWay = 0;
        let calls = 0;
        const begins: { began: number; ended: number }[] = [];
        const call = sharedCalls(
          async () => {
            const one = { began: clock++, ended: Number.POSITIVE_INFINITY };
            begins.push(one);
            expect(++underWay).toBe(1);
            calls++;
            await pause(5);
            underWay--;
            one.ended = clock++;
          },
          { keyOf: (key: string) => key, gapMs: 1 },
        );
        const asked = gaps.map(async (gap) => {
          await pause(gap);
          const at = clock++;
          await call('key', undefined);
          const answered = clock++;
          expect(begins.some(({ began, ended }) => began > at && ended < answered)).toBe(true);
        });
        await Promise.all(asked);
        expect(calls).toBeLessThanOrEqual(gaps.length);
      }),
      { numRuns: 30 },
    );
  });

  test('of one moment cost two calls, not a hundred', async () => {
    let calls = 0;
    const call = sharedCalls(
      async () => {
        calls++;
        await pause(10);
      },
      { keyOf: (key: string) => key, gapMs: 0 },
    );
    await Promise.all(Array.from({ length: 100 }, () => call('key', undefined)));
    expect(calls).toBe(2);
  });

  test('share its failure, and the next call starts afresh', async () => {
    let calls = 0;
    const call = sharedCalls(
      async () => {
        if (++calls <= 2) throw new Error('away');
      },
      { keyOf: (key: string) => key, gapMs: 0 },
    );
    const asked = await Promise.allSettled([call('key', undefined), call('key', undefined), call('key', undefined)]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await expect(call('key', undefined)).resolves.toBeUndefined();
  });
});
