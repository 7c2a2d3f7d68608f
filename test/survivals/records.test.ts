import { recordChanges } from './recordChanges';
import { recordForms } from './recordForms';
import { openRecordsWorld, type RecordsWorld } from './recordsWorld';
import { recordTimes } from './recordTimes';
import { expectAsLedger, polledAgain } from './somebody';

/**
 * dexcom-api.md §9, what may be the matter with a record: somebody for each survival, the simulator's ledger as the judge. Each story has its own
 * people and waits for their sensors, so all of them are lived through at once.
 */
describe('records', () => {
  let world: RecordsWorld;

  beforeAll(async () => {
    world = await openRecordsWorld();
  });
  afterAll(() => world?.close());

  recordChanges(() => world);
  recordTimes(() => world);
  recordForms(() => world);

  // By itself: everybody is served in this order.
  test('survival 16: in whatever order records come, the newest is the newest by its time', async () => {
    const { engine, somebody } = world;
    const anyOrder = await somebody('plain');
    for (const order of ['shuffled', 'oldestFirst'] as const) {
      await engine.simulator.control.settings({ order });
      await polledAgain(engine, anyOrder, 2);
      const samples = await expectAsLedger(engine, anyOrder);
      expect(samples.map(({ system_time }) => system_time)).toEqual(samples.map(({ system_time }) => system_time).toSorted());
    }
  });
});
