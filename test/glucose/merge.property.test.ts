import fc from 'fast-check';
import type { Reading, ReadingOrigin } from '../../src/glucose/reading';
import { groupTwins } from '../../src/glucose/twins';
import { DayStore } from './dayStore';
import { PHONE, RECEIVER, readingAt, recordIdOf } from './readings';

const MIDNIGHT = Date.parse('2026-11-22T00:00:00Z');
const LIVE_FROM = MIDNIGHT - 40_000;
const PURPOSES = ['live', 'sweep', 'backfill'] as const;

/** Few records close to midnight and to each other, so that they meet, move and part. */
const record = (devices: readonly (typeof PHONE)[], values: readonly (number | null)[]): fc.Arbitrary<Reading> =>
  fc
    .record({
      name: fc.integer({ min: 0, max: 7 }),
      seconds: fc.integer({ min: -9, max: 9 }),
      mgPerDl: fc.constantFrom(...values),
      device: fc.integer({ min: 0, max: devices.length - 1 }),
      transmitterTicks: fc.constantFrom(null, 100, 103, 120),
      trend: fc.constantFrom('flat', 'singleUp'),
    })
    .map(({ name, seconds, device, ...fields }) => {
      // A record keeps its device; what its sensor is may come to be known.
      const whose = devices[(name + device * devices.length) % devices.length] ?? PHONE;
      const { mark, change, ...reading } = readingAt(MIDNIGHT + seconds * 10_000, {
        recordId: recordIdOf(`r${name}`),
        ...fields,
        device: whose,
      });
      return reading;
    });

const answer = (of: fc.Arbitrary<Reading>) => fc.uniqueArray(of, { selector: ({ recordId }) => recordId, maxLength: 8 });

const DEVICES = [PHONE, RECEIVER, { ...PHONE, transmitterId: null }, { ...RECEIVER, transmitterId: 'b2'.repeat(32) }];
const twins = record(DEVICES, [100, 110, null]);
/** A reading without a value cannot be told, so what an app knows of it is not what is stored. */
const measuredTwins = record(DEVICES, [100, 110]);
/** Only phones, with nothing to tell a twin by. */
const plain = record([PHONE], [100, 110]).map((reading) => ({ ...reading, transmitterTicks: null }));

const earlier = (of: fc.Arbitrary<Reading>) => fc.array(fc.tuple(answer(of), fc.constantFrom(...PURPOSES)), { maxLength: 4 });

function storeAfter(pulls: readonly (readonly [readonly Reading[], (typeof PURPOSES)[number]])[]): DayStore {
  const store = new DayStore(LIVE_FROM);
  for (const [readings, purpose] of pulls) store.pull(readings, purpose);
  return store;
}

const byId = (a: { shown?: ReadingOrigin | undefined }, b: { shown?: ReadingOrigin | undefined }): number =>
  (a.shown?.recordId ?? '') < (b.shown?.recordId ?? '') ? -1 : 1;

const latest = (answers: readonly (readonly Reading[])[]): ReadingOrigin[] => [
  ...new Map(answers.flat().map(({ twins: _, ...origin }) => [origin.recordId, origin])).values(),
];

describe('whatever was stored before', () => {
  test('any order and any split of one answer end in the same readings', () => {
    fc.assert(
      fc.property(
        earlier(twins),
        answer(twins).chain((one) => fc.tuple(fc.constant(one), fc.shuffledSubarray(one, { minLength: one.length }), fc.nat(8), fc.nat(8))),
        fc.constantFrom(...PURPOSES),
        (before, [one, shuffled, cut, otherCut], purpose) => {
          const whole = storeAfter([...before, [one, purpose]]);
          const [first, second] = [Math.min(cut, otherCut), Math.max(cut, otherCut)];
          const parts = [shuffled.slice(0, first), shuffled.slice(first, second), shuffled.slice(second)];
          const split = storeAfter([...before, ...parts.map((part) => [part, purpose] as const)]);
          expect(split.content()).toEqual(whole.content());
        },
      ),
      { numRuns: 400 },
    );
  });

  test('the same answer again changes nothing and tells nothing', () => {
    fc.assert(
      fc.property(earlier(twins), answer(twins), fc.constantFrom(...PURPOSES), (before, one, purpose) => {
        const store = storeAfter([...before, [one, purpose]]);
        const [days, told] = [[...store.days.values()], store.told.length];
        store.pull([...one].reverse(), purpose);
        expect([...store.days.values()]).toEqual(days);
        expect(store.told).toHaveLength(told);
      }),
      { numRuns: 500 },
    );
  });

  test('every record is kept once, as last served, with the twins that all records together make', () => {
    fc.assert(
      fc.property(earlier(twins), (pulls) => {
        const served = latest(pulls.map(([readings]) => readings));
        const groups = groupTwins(served).map(([shown, ...others]) => ({ shown, twins: others }));
        expect(storeAfter(pulls).content().sort(byId)).toEqual(groups.sort(byId));
      }),
      { numRuns: 400 },
    );
  });
});

type Purpose = (typeof PURPOSES)[number];
type Killed = [[Reading[], Purpose, number][], Purpose];

/** Pulls that may be killed between two writes, the last one not. */
const killed = (of: fc.Arbitrary<Reading>) =>
  fc.tuple(
    fc.array(fc.tuple(answer(of), fc.constantFrom(...PURPOSES), fc.constantFrom(0, 1, 2, Number.POSITIVE_INFINITY)), { maxLength: 6 }),
    fc.constantFrom(...PURPOSES),
  );

type Serve = (served: ReadonlyMap<string, Reading>, changed: readonly Reading[]) => readonly Reading[];

/** What lies in one window, as Dexcom answers. */
const everything: Serve = (served) => [...served.values()];
/** As windows that end between the records would. */
const someOfIt: Serve = (served, readings) => readings.flatMap(({ recordId }) => served.get(recordId) ?? []);

/** No correction is taken back: a pull serves a record as it was, or with a value that it never had. */
function run([pulls, purpose]: Killed, serve: Serve, liveFrom = LIVE_FROM): DayStore {
  const store = new DayStore(liveFrom);
  const served = new Map<string, Reading>();
  pulls.forEach(([readings, why, writes], i) => {
    for (const reading of readings) {
      const changed = reading.trend === 'singleUp' || !served.has(reading.recordId);
      if (changed) served.set(reading.recordId, { ...reading, mgPerDl: reading.mgPerDl && reading.mgPerDl + i });
    }
    store.pull(serve(served, readings), why, writes);
  });
  store.pull(everything(served, []), purpose);
  return store;
}

describe('wherever pulls are killed', () => {
  test('each reading is told first as created, then as updated whenever it changed, and last as it is stored', () => {
    fc.assert(
      fc.property(killed(plain), (pulls) => {
        const store = run(pulls, someOfIt);
        expect(new Set(store.readings().map(({ recordId }) => recordId)).size).toBe(store.readings().length);

        for (const { recordId, at, mgPerDl, mark } of store.readings()) {
          const tellings = store.told.filter((telling) => telling.recordId === recordId);
          expect(tellings.filter(({ change }) => change === 'created').length).toBeLessThanOrEqual(1);
          expect(tellings.slice(1).every(({ change }) => change === 'updated')).toBe(true);
          expect(tellings.length > 0).toBe(mark !== 0);
          if (at >= LIVE_FROM) expect(mark).not.toBe(0);
          if (mark !== 0) expect(tellings.at(-1)).toMatchObject({ at, mgPerDl });
        }
      }),
      { numRuns: 400 },
    );
  });

  test('history that only backfills have read is never told', () => {
    fc.assert(
      fc.property(killed(plain.map((reading) => ({ ...reading, at: reading.at - 7 * 60_000 }))), ([pulls]) => {
        const backfills = pulls.map(([readings, , writes]): [Reading[], 'backfill', number] => [readings, 'backfill', writes]);
        const store = run([backfills, 'backfill'], someOfIt);
        expect(store.told).toEqual([]);
        expect(store.readings().every(({ mark, change }) => mark === 0 && change === 'none')).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('no twin makes anything told as created twice, and an app knows the value that is shown', () => {
    fc.assert(
      fc.property(killed(measuredTwins), fc.constantFrom(0, LIVE_FROM), (pulls, liveFrom) => {
        const store = run(pulls, everything, liveFrom);
        const created = store.told.filter(({ change }) => change === 'created').map(({ recordId }) => recordId);
        expect(new Set(created).size).toBe(created.length);

        const lastTold = new Map(store.told.map(({ recordId, mgPerDl }) => [recordId, mgPerDl]));
        for (const { mark, mgPerDl, recordId, twins: others } of store.readings()) {
          if (mgPerDl === null) continue;
          const known = mark !== 0 || others.some(({ announced }) => announced);
          if (liveFrom === 0) expect(known).toBe(true);
          if (known) expect([recordId, ...others.map((twin) => twin.recordId)].map((id) => lastTold.get(id))).toContain(mgPerDl);
        }
      }),
      { numRuns: 400 },
    );
  });
});
