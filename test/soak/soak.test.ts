import { type OpenWorld, openWorld } from '../../soak/openWorld';
import { type Plan, usualPlan } from '../../soak/plan';
import { isGood } from '../../soak/report/report';
import { type Run, soak } from '../../soak/soak';
import { strikes } from '../../soak/strikes';

/** The suite's servers are not killed; what lasts longer than this test is struck in the long run only. */
const LEFT_OUT = ['stalls', 'quota storm', 'token outage', 'all workers killed', 'worker frozen', 'Temporal killed', 'database killed'];

/** Half a minute of `npm run soak`: few people, fast sensors; the seed begins with a strike of each kind. */
const PLAN: Plan = {
  ...usualPlan({ seed: 'ada', hours: 0.5 / 60, interval: '3s' }),
  delay: '1s',
  mostHistoryDays: 1,
  scenarios: ['relative', 'revoked-consent'],
  plainPeople: 2,
  strikes: strikes.filter(({ name }) => !LEFT_OUT.includes(name)),
  pauseSeconds: [0, 2],
  settleWithinMs: 240_000,
};

describe('half a minute of faults and kills', () => {
  const notDone: string[] = [];
  let world: OpenWorld;
  let run: Run;

  beforeAll(async () => {
    world = await openWorld(PLAN, null, (what, reason) => notDone.push(`${what}: ${String(reason)}`));
    run = await soak(world, PLAN, () => undefined);
  }, 600_000);
  afterAll(() => world?.close());

  test('loses nothing, doubles nothing, and asks nobody to consent again without a cause', () => {
    expect(run.judgements.flatMap(({ findings }) => findings)).toEqual([]);
    expect(isGood(run)).toBe(true);
  });

  test('struck processes, people and Dexcom', () => {
    const struck = new Set(run.struck.map(({ name }) => strikes.find((strike) => strike.name === name)?.at));
    expect(struck).toEqual(new Set(['process', 'people', 'dexcom']));
    expect(run.struck.filter(({ what }) => what.startsWith('could not'))).toEqual([]);
    expect(notDone).toEqual([]);
  });

  test('judged readings of everybody, news among them', () => {
    expect(world.people.length).toBe(5);
    expect(run.judgements[0]?.tables[0]).toMatch(/\| all \| [1-9]\d{3,} \| [1-9]\d{3,} \| [1-9]\d* \|/);
  });
});
