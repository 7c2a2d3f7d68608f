import fc from 'fast-check';
import { afterWindow, type BackfillWindows, isComplete, unbrokenBackTo, windowsLeft } from '../../src/freshness/backfillWindows';

const DAY = 86_400_000;
const MONTH = 30 * DAY;
const left = (progress: BackfillWindows) => [...windowsLeft(progress, MONTH)];
const progress = fc
  .record({ floor: fc.integer({ min: 0, max: 100 * DAY }), length: fc.integer({ min: 0, max: 400 * DAY }) })
  .map(({ floor, length }): BackfillWindows => ({ floor, ceiling: floor + length, doneBackTo: floor + length }));

test('in whatever order its windows are read, what is left and what is done make up the whole, and nothing twice', () => {
  fc.assert(
    fc.property(progress, fc.array(fc.nat()), (start, order) => {
      let now = start;
      let done = 0;
      for (const pick of order) {
        const windows = left(now);
        const window = windows[pick % Math.max(1, windows.length)];
        if (!window) break;
        expect(window.to - window.from).toBeLessThanOrEqual(MONTH);
        now = afterWindow(now, window);
        done += window.to - window.from;
        const remaining = left(now).reduce((sum, { from, to }) => sum + to - from, 0);
        expect(done + remaining).toBe(start.ceiling - start.floor);
        expect(isComplete(now)).toBe(remaining === 0);
      }
    }),
  );
});

test('everything above the unbroken line is done, everything left lies below it', () => {
  fc.assert(
    fc.property(progress, fc.array(fc.nat(), { maxLength: 8 }), (start, order) => {
      let now = start;
      for (const pick of order) {
        const windows = left(now);
        const window = windows[pick % Math.max(1, windows.length)];
        if (window) now = afterWindow(now, window);
      }
      expect(Math.max(now.floor, ...left(now).map(({ to }) => to))).toBe(Math.max(now.floor, unbrokenBackTo(now)));
    }),
  );
});

test('reading a window again, or one wider than what is left of it, changes nothing and loses nothing', () => {
  const start = { floor: 0, ceiling: 90 * DAY, doneBackTo: 90 * DAY };
  const [newest, middle] = left(start);
  if (!newest || !middle) throw new Error('expected three windows');
  const skipped = afterWindow(start, middle);
  expect(skipped.skipped).toEqual([newest]);
  expect(afterWindow(skipped, middle)).toEqual(skipped);

  const partly = afterWindow(skipped, { from: 70 * DAY, to: 80 * DAY });
  expect(partly.skipped).toEqual([
    { from: 80 * DAY, to: 90 * DAY },
    { from: 60 * DAY, to: 70 * DAY },
  ]);
  expect(afterWindow(partly, { from: 0, to: 90 * DAY })).toMatchObject({ skipped: [], doneBackTo: 0 });
});
