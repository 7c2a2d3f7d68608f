import { slotPlan } from '../../src/quota/slots';
import { percentileOf } from '../freshness/month/watch';
import { HOUR, MINUTE, START } from './budgetWorld';
import { type FleetDay, liveThrough } from './fleet';

const PEOPLE = 200;
/** What they ask for if nobody stops them: 12 readings an hour at 1.05 calls each. */
const WANTED_PER_HOUR = PEOPLE * 12 * 1.05;
const planFor = (share: number) => slotPlan(Math.round(WANTED_PER_HOUR * share), 5 * MINUTE);

function show(name: string, day: FleetDay): void {
  if (!process.env.SHOW_FLEET) return;
  const { lateMs, longestGapMs } = day;
  const seconds = (ms: number): number => Math.round(ms / 1000);
  console.log(
    name,
    [0.5, 0.9, 0.99, 1].map((share) => seconds(percentileOf(lateMs, share))),
    seconds(Math.max(...longestGapMs)),
    mostCalls(day),
  );
}

const mostCalls = ({ calls }: FleetDay): number => Math.max(...calls.values());

test('a budget that is enough makes nobody wait', async () => {
  const day = await liveThrough({ people: PEOPLE, plan: planFor(1.5), hours: 8, from: 4 });
  show('enough', day);
  expect(percentileOf(day.lateMs, 0.5)).toBeLessThanOrEqual(10_000);
  expect(percentileOf(day.lateMs, 0.99)).toBeLessThanOrEqual(MINUTE);
});

test.each([
  ['nine tenths', 0.9, 7],
  ['two thirds', 2 / 3, 10],
  ['half', 0.5, 15],
])('survival 27: a budget of %s of what is wanted makes everybody wait a little and nobody long', async (name, share, minutes) => {
  const plan = planFor(share);
  const day = await liveThrough({ people: PEOPLE, plan, hours: 10, from: 4 });
  show(name, day);
  expect(mostCalls(day)).toBeLessThanOrEqual(plan.calls);
  expect(percentileOf(day.lateMs, 0.99)).toBeLessThanOrEqual(minutes * MINUTE);
  // Nobody is passed over.
  expect(Math.max(...day.longestGapMs)).toBeLessThanOrEqual(1.2 * minutes * MINUTE);
});

test('survival 27: after an hour without a call everybody is served again within minutes, and not all at once', async () => {
  const plan = planFor(3);
  const day = await liveThrough({ people: PEOPLE, plan, hours: 8, from: 4, closing: { at: 5, hours: 1 } });
  show('reopened', day);
  expect(mostCalls(day)).toBeLessThanOrEqual(plan.calls);
  expect(Math.max(...day.longestGapMs)).toBeLessThanOrEqual(60 * MINUTE + 20 * MINUTE);
  const opened = [...day.calls].filter(([at]) => at >= START + 6 * HOUR && at < START + 6 * HOUR + 5 * MINUTE).map(([, calls]) => calls);
  // There are calls for more than half of them in the first minute, and they come spread over five.
  expect(plan.calls).toBeGreaterThan(PEOPLE / 2);
  expect(opened).toHaveLength(5);
  expect(Math.max(...opened)).toBeLessThan(PEOPLE / 2);
});
