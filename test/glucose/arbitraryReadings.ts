import fc from 'fast-check';
import type { ReadingDevice, ReadingOrigin, StoredReading, TwinOrigin } from '../../src/glucose/reading';

/** Objects as everybody makes them. */
const PLAIN = { noNullPrototype: true };

export const DAY = Date.parse('2026-11-22T00:00:00Z');

const word = fc.option(fc.oneof(fc.constantFrom('flat', 'singleUp', 'high', '', 'noch nie gesehen'), fc.string({ unit: 'grapheme' })));

const device: fc.Arbitrary<ReadingDevice> = fc.record(
  {
    transmitterId: word,
    generation: fc.option(fc.constantFrom('g6', 'g7', 'g6 pro')),
    variant: word,
    displayDevice: fc.option(fc.constantFrom('iOS', 'android', 'receiver')),
    displayApp: word,
  },
  PLAIN,
);

const timeText = fc.oneof(
  fc.constantFrom(
    '2026-11-22T08:05:12Z',
    '2026-11-22T08:05:12',
    '2026-11-22 00:05:12.438-08:00',
    '2026-11-22T00:05:12-0800',
    '2026-11-22T8:5Z',
  ),
  fc.string({ unit: 'grapheme' }),
);

const anyNumber = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-0, Number.MAX_SAFE_INTEGER, 2 ** 46, 2 ** 46 + 1, 0.1, 1e300));

/** Any record the types allow, sensible or not. */
export const anyOrigin: fc.Arbitrary<ReadingOrigin> = fc.record(
  {
    at: fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: DAY, max: DAY + 86_399_999 }) },
      fc.integer({ min: 0, max: 86_399 }).map((s) => DAY + s * 1000),
      anyNumber,
    ),
    mgPerDl: fc.option(fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 39, max: 401 }) }, anyNumber)),
    recordId: fc.oneof(
      fc.uuid(),
      fc.uuid().map((id) => id.toUpperCase()),
      fc.string({ unit: 'grapheme' }),
    ),
    trend: word,
    trendRateMgPerDlPerMin: fc.option(
      fc.oneof({ weight: 8, arbitrary: fc.integer({ min: -80, max: 80 }).map((tenths) => tenths / 10 + 0) }, anyNumber),
    ),
    status: word,
    utcOffsetSeconds: fc.option(fc.oneof(fc.constantFrom(-28_800, 0, 3600, 20_700), anyNumber)),
    rawTimes: fc.option(
      fc.record(
        { systemTime: timeText, displayTime: fc.option(timeText), displayAt: fc.option(fc.oneof(fc.constant(DAY), anyNumber)) },
        PLAIN,
      ),
    ),
    device,
    transmitterTicks: fc.option(fc.oneof(fc.nat(), anyNumber)),
  },
  PLAIN,
);

const anyTwin: fc.Arbitrary<TwinOrigin> = fc
  .tuple(anyOrigin, fc.boolean(), fc.option(fc.nat()))
  .map(([origin, announced, announcedMgPerDl]) => ({ ...origin, announced, announcedMgPerDl }));

export const anyStoredReading: fc.Arbitrary<StoredReading> = fc
  .tuple(
    anyOrigin,
    fc.array(anyTwin, { maxLength: 2 }),
    fc.integer({ min: -1 }),
    fc.constantFrom('created' as const, 'updated' as const, 'none' as const),
  )
  .map(([origin, twins, mark, change]) => ({ ...origin, twins, mark, change }));
