import fc from 'fast-check';
import { visibleAfterDelay } from '../../simulator/people/delay';
import { type Pace, slotsBetween, withPace } from '../../simulator/people/pace';
import { type SimulatorOptions, startSimulator } from '../simulator';
import { connect, type EgvRecord, egvs } from './app';

const DAY = 86_400_000;
const START = '2026-03-01T12:00:00Z';

describe('a seed', () => {
  test('makes the same people with the same readings every time, and another seed others', async () => {
    const [one, again, other] = [
      await tell({ seed: 'a', people: 2 }),
      await tell({ seed: 'a', people: 2 }),
      await tell({ seed: 'b', people: 2 }),
    ];
    expect(one.map(({ length }) => length)).toEqual([expect.closeTo(12 * 288, -2), expect.closeTo(12 * 288, -2)]);
    expect(again).toEqual(one);
    expect(other.flat().map(({ value }) => value)).not.toEqual(one.flat().map(({ value }) => value));
  });

  test('makes days that look like somebody’s: in range mostly, rarely very low, high after meals', async () => {
    const simulator = await startSimulator({ people: 4, historyDays: 30 });
    const { now } = await simulator.control.clock();
    for (const { id } of await simulator.control.people()) {
      const readings = await simulator.control.readings(id, { from: now - 14 * DAY, to: now });
      const values = readings.flatMap(({ mgPerDl }) => mgPerDl ?? []);
      const share = (low: number, high: number): number => values.filter((value) => value >= low && value <= high).length / values.length;
      expect(share(70, 180)).toBeGreaterThan(0.35);
      expect(share(39, 53)).toBeLessThan(0.05);
      expect(Math.max(...values)).toBeGreaterThan(180);
      expect(values.length / (14 * 288)).toBeGreaterThan(0.97);
    }
    await simulator.stop();
  });
});

test('prerendered history is what is rendered anew, wherever the window begins and ends', async () => {
  expect(await tell({ prerender: true })).toEqual(await tell({}));
});

/** Everybody's readings over windows with and without whole days. */
async function tell(options: SimulatorOptions): Promise<EgvRecord[][]> {
  const simulator = await startSimulator({ ...options, clock: START, historyDays: 40 });
  const start = Date.parse(START) - 36 * DAY;
  const windows = [
    [start, start + 10 * DAY],
    [start + 10 * DAY, start + 12 * DAY + 1_234_000],
    [start + 1_000, start + 5_000_000],
  ] as const;
  const told: EgvRecord[][] = [];
  for (const { id } of await simulator.control.people()) {
    const tokens = await connect(simulator, id);
    const records = await Promise.all(windows.map(([from, to]) => egvs(simulator, tokens, from, to)));
    told.push(records.flat());
  }
  await simulator.stop();
  return told;
}

describe('slots', () => {
  const pace = fc.oneof(
    fc.record({ kind: fc.constant('every' as const), stepMs: fc.integer({ min: 1_000, max: 600_000 }) }),
    fc.constant({ kind: 'recorded' as const }),
    fc.constant({ kind: 'none' as const }),
  );
  const rhythm = { offsets: [0, 300_000, 599_000, 2_000_000, 2_300_000], roundMs: 2_600_000 };
  const changes = fc.array(fc.record({ pace, afterMs: fc.integer({ min: 1, max: 5_000_000 }) }), { maxLength: 6 });

  test('are numbered without a hole and strictly in time, however often the pace changes', () => {
    fc.assert(
      fc.property(changes, (list) => {
        const { spans, end } = changed(list);
        const slots = slotsBetween(spans, rhythm, 0, end + 3_000_000);
        expect(slots.map(({ index }) => index)).toEqual(slots.map((_, n) => n));
        expect(slots.every(({ nominalAt }, n) => n === 0 || nominalAt > (slots[n - 1]?.nominalAt ?? 0))).toBe(true);
      }),
    );
  });

  test('of two windows that meet are the slots of both together', () => {
    fc.assert(
      fc.property(changes, fc.integer({ min: 0, max: 9_000_000 }), (list, seam) => {
        const { spans, end } = changed(list);
        const last = Math.max(end, seam) + 1_000_000;
        expect([...slotsBetween(spans, rhythm, 0, seam), ...slotsBetween(spans, rhythm, seam, last)]).toEqual(
          slotsBetween(spans, rhythm, 0, last),
        );
      }),
    );
  });

  function changed(list: readonly { pace: Pace; afterMs: number }[]) {
    let spans = [{ from: 0, index: 0, at: 0, pace: { kind: 'recorded' } as Pace }];
    let end = 0;
    for (const { pace, afterMs } of list) {
      end += afterMs;
      spans = withPace(spans, rhythm, pace, end);
    }
    return { spans, end };
  }
});

test('a change of delay never hides what was visible, and never shows anything before the change', () => {
  const list = fc.array(fc.record({ afterMs: fc.integer({ min: 1, max: 1_000_000 }), delayMs: fc.integer({ min: 0, max: 1_000_000 }) }), {
    maxLength: 5,
  });
  fc.assert(
    fc.property(list, fc.integer({ min: 0, max: 4_000_000 }), fc.integer({ min: 0, max: 1_000_000 }), (changes, measuredAt, firstMs) => {
      let from = 0;
      let before = [{ from: 0, delayMs: firstMs }];
      for (const { afterMs, delayMs } of changes) {
        from += afterMs;
        const after = [...before, { from, delayMs }];
        const [was, is] = [visibleAfterDelay(before, measuredAt), visibleAfterDelay(after, measuredAt)];
        if (was <= from) expect(is).toBe(was);
        else expect(is).toBe(Math.max(from, measuredAt + delayMs));
        before = after;
      }
    }),
  );
});
