import fc from 'fast-check';
import { type Stretch, throughTime } from '../../src/storage/throughTime';

const isWithin = (at: number, { $gte, $lt = Number.POSITIVE_INFINITY, $lte = Number.POSITIVE_INFINITY }: Stretch): boolean =>
  at >= $gte && at < $lt && at <= $lte;

test('a look through time gives the first between two instants, each once and in order, whatever lies between them', async () => {
  const now = Date.now();
  const instant = fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: now + 86_400_000 }));
  const given = {
    instants: fc.array(instant, { maxLength: 30 }),
    from: instant,
    to: fc.option(instant),
    firstMs: fc.integer({ min: 1, max: 10_000 }),
    limit: fc.integer({ min: 1, max: 12 }),
  };
  await fc.assert(
    fc.asyncProperty(fc.record(given), async ({ instants, from, to, firstMs, limit }) => {
      const stored = instants.toSorted((a, b) => a - b);
      const found = await throughTime({ from, to, firstMs }, limit, async (stretch, most) =>
        stored.filter((at) => isWithin(at, stretch)).slice(0, most),
      );
      expect(found).toEqual(stored.filter((at) => at >= from && at <= (to ?? Number.POSITIVE_INFINITY)).slice(0, limit));
    }),
  );
});
