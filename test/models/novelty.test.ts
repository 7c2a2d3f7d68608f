import { explore, told } from './engine';
import { novelty } from './novelty';
import { ALL_RULES, type Rules, type World } from './noveltyWorld';

const oneDay = (...values: readonly (number | null)[]) =>
  values.map((value): [number, number] | null => (value === null ? null : [0, value]));

const arriving: World = { answers: [oneDay(100, null), oneDay(105, 110)], days: 1, pulls: ['live', 'live'], reconciles: 1 };
const arrivingThrice: World = {
  answers: [oneDay(100, null), oneDay(100, 110)],
  days: 1,
  pulls: ['live', 'live', 'live'],
  reconciles: 0,
};
const corrected: World = {
  answers: [oneDay(105), oneDay(100)],
  days: 1,
  pulls: ['live', 'live', 'live'],
  reconciles: 0,
  announced: [],
};
const overMidnight: World = { answers: [[[0, 100]], [[1, 100]]], days: 2, pulls: ['live', 'live', 'live'], reconciles: 0 };
const historyAndNews: World = {
  answers: [oneDay(90, 100), oneDay(95, 105)],
  history: [true, false],
  days: 1,
  pulls: ['live', 'backfill', 'live'],
  reconciles: 0,
};
const announcedThenBackfilled: World = {
  answers: [oneDay(90), oneDay(95)],
  history: [true],
  announced: [0],
  days: 1,
  pulls: ['backfill'],
  reconciles: 1,
};

describe('news, with every order of steps, death and late awakening', () => {
  test.each([
    ['readings arrive and are corrected under two pulls and a reconcile', arriving],
    ['readings arrive under three pulls', arrivingThrice],
    ['a value is corrected under three pulls', corrected],
    ['a reading moves over midnight', overMidnight],
    ['history and news share a window', historyAndNews],
    ['a backfill window corrects what was announced', announcedThenBackfilled],
  ])('%s: nothing is lost, doubled or told stale', (_, world) => {
    expect(told(explore(novelty(world, ALL_RULES)))).toEqual([]);
  });

  test.each<[keyof Rules, string, World]>([
    ['fenceUnfinished', 'no reading is created twice', overMidnight],
    ['fenceMissingDays', 'no reading is created twice', overMidnight],
    ['newDayFirst', 'no reading is created twice', overMidnight],
    ['announcedNeverSilent', 'no announced value changes silently', announcedThenBackfilled],
    ['liveStaysAboveHistory', 'history is silent', historyAndNews],
  ])('without %s it breaks that %s', (rule, invariant, world) => {
    expect(explore(novelty(world, { ...ALL_RULES, [rule]: false }), invariant).breaches).toContainEqual(
      expect.objectContaining({ invariant }),
    );
  });

  // A fence that reaches every day of the unfinished window does the work of these two as well; one that misses a day needs them.
  const unfenced: Rules = { ...ALL_RULES, fenceUnfinished: false };

  test.each([arriving, arrivingThrice, corrected, historyAndNews])(
    'without the fence, whatever stays in its day is still told once (%#)',
    (world) => {
      expect(told(explore(novelty(world, unfenced)))).toEqual([]);
    },
  );

  test.each<[keyof Rules, string, World]>([
    ['publishBeforeMerge', 'every reading of news is told', arriving],
    ['recheckAfterFetch', 'no old value comes back', corrected],
  ])('without %s and the fence it breaks that %s', (rule, invariant, world) => {
    expect(explore(novelty(world, { ...unfenced, [rule]: false }), invariant).breaches).toContainEqual(
      expect.objectContaining({ invariant }),
    );
  });
});
