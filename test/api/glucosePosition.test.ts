import fc from 'fast-check';
import { cutPage, type GlucosePosition, lookFrom, SLACK_MS } from '../../src/api/routes/glucose/position';
import type { ReadDays } from '../../src/api/routes/glucose/readDays';
import type { Reading, StoredReading } from '../../src/glucose/reading';
import { readingAt, recordIdOf } from '../glucose/readings';

const MINUTE = 60_000;
const SPAN_MINUTES = 300;
const CHUNK_MS = 45 * MINUTE;

/** One measurement, whichever device reported it first: it is there if any of its record ids is. */
interface Measurement {
  readonly name: string;
  at: number;
  /** Reported by a second device as well, whose report is shown. */
  twinAt: number | null;
}

function shown({ name, at, twinAt }: Measurement): StoredReading {
  const own = readingAt(at, { recordId: recordIdOf(name) });
  if (twinAt === null) return own;
  return readingAt(twinAt, { recordId: recordIdOf(`${name}'s twin`), twins: [{ ...own, announced: true, announcedMgPerDl: own.mgPerDl }] });
}

const ownerOf = (): string => 'c';
const hiddenBy = () => [];

/** As the database would give them: whole chunks, always past the boundary, empty ones skipped. */
function read(measurements: readonly Measurement[], from: number): Omit<ReadDays, 'whole'> {
  const all = measurements.map(shown).sort((a, b) => a.at - b.at);
  const end = SPAN_MINUTES * MINUTE + SLACK_MS;
  for (let begin = from; begin < end; ) {
    const until = Math.min(end, (Math.floor(begin / CHUNK_MS) + 2) * CHUNK_MS);
    const readings = all.filter(({ at }) => at >= begin && at < until);
    if (readings.length > 0) return { readings, ownerOf, hiddenBy, readUntil: until < end ? until : null };
    begin = until;
  }
  return { readings: [], ownerOf, hiddenBy, readUntil: null };
}

const minute = fc.integer({ min: 10, max: SPAN_MINUTES - 10 });
const shift = fc.integer({ min: -SLACK_MS + 1, max: SLACK_MS - 1 });
const change = fc.oneof(
  fc.record({ kind: fc.constant('added'), at: minute }),
  fc.record({ kind: fc.constant('moved'), which: fc.nat(), by: shift }),
  fc.record({ kind: fc.constant('reported twice'), which: fc.nat(), by: fc.integer({ min: -30_000, max: 30_000 }) }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function apply(measurements: Measurement[], made: Change, number: number): void {
  if ('at' in made) {
    measurements.push({ name: `added ${number}`, at: made.at * MINUTE + 1, twinAt: null });
    return;
  }
  const measurement = measurements[made.which % measurements.length];
  if (!measurement) return;
  if (made.kind === 'moved') {
    measurement.at += made.by;
    if (measurement.twinAt !== null) measurement.twinAt += made.by;
  } else measurement.twinAt ??= measurement.at + made.by;
}

test('every reading there at page one comes exactly once, whatever is added, moved or reported twice between pages', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(minute, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.array(change, { maxLength: 6 }), { maxLength: 12 }),
      (minutes, limit, changes) => {
        const measurements: Measurement[] = minutes.map((at, n) => ({ name: `first ${n}`, at: at * MINUTE, twinAt: null }));
        const there = measurements.map(({ name }) => name);
        const served: string[] = [];
        let position: GlucosePosition | null = { user: 'u', provider: '', from: 0, to: null, boundary: 0, edge: [] };

        for (let page = 0; position !== null; page++) {
          const cut = cutPage(read(measurements, lookFrom(position)), position, limit);
          served.push(...cut.readings.flatMap(({ recordId, twins }) => twins.map((twin) => twin.recordId).concat(recordId)));
          position = cut.next;
          for (const [n, made] of (changes[page] ?? []).entries()) apply(measurements, made, page * 100 + n);
          expect(page).toBeLessThan(500);
        }
        for (const name of there) expect([name, served.filter((id) => id === recordIdOf(name)).length]).toEqual([name, 1]);
      },
    ),
    { numRuns: 400 },
  );
});

test('readings of one instant do not keep a page from moving on', () => {
  const position: GlucosePosition = { user: 'u', provider: '', from: 0, to: null, boundary: 0, edge: [] };
  const readings = ['a', 'b', 'c'].map((name) => readingAt(MINUTE, { recordId: recordIdOf(name) }));
  const later = readingAt(2 * MINUTE, { recordId: recordIdOf('later') });
  const { readings: served, next } = cutPage({ readings: [...readings, later], ownerOf, hiddenBy, readUntil: null }, position, 1);
  expect(served).toEqual(readings);
  expect(next?.boundary).toBe(2 * MINUTE);
});

test('what two people’s devices call alike is two readings, at the edge of a page too', () => {
  const position: GlucosePosition = { user: 'u', provider: '', from: 0, to: null, boundary: 0, edge: [] };
  const reading = readingAt(MINUTE, { recordId: recordIdOf('same') });
  const slipped = readingAt(2 * MINUTE - 1, { recordId: recordIdOf('same') });
  const later = readingAt(2 * MINUTE, { recordId: recordIdOf('later') });
  const { next } = cutPage({ readings: [reading, later], ownerOf, hiddenBy, readUntil: null }, position, 1);
  if (!next) throw new Error('there is more');
  const ofOther = (of: Reading): string => (of === slipped ? 'another' : 'c');
  expect(cutPage({ readings: [reading, slipped, later], ownerOf: ofOther, hiddenBy, readUntil: null }, next, 5).readings).toEqual([
    slipped,
    later,
  ]);
});

test.each([5_000, 100, 1])(
  'a cursor stays short enough for an address on pages of %i, also when a sensor reads every ten seconds',
  (limit) => {
    const dense = Array.from({ length: 6_000 }, (_, n) => readingAt(n * 10_000, { recordId: recordIdOf(String(n)) }));
    let position: GlucosePosition | null = { user: 'u', provider: '', from: 0, to: null, boundary: 0, edge: [] };
    for (let page = 0; position && page < 300; page++) {
      const boundary: number = position.boundary;
      const readings: StoredReading[] = dense.filter(({ at }) => at >= Math.max(0, boundary - SLACK_MS) && at < boundary + 6_000 * 10_000);
      position = cutPage({ readings, ownerOf, hiddenBy, readUntil: null }, position, limit).next;
      expect(JSON.stringify(position).length).toBeLessThan(2_500);
    }
  },
);
