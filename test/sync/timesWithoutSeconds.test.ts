import { unreadHistory } from './pullStories';
import { type Person, pullOnce, type SyncWorld, syncWorld } from './syncWorld';
import { storedReadings } from './told';

let world: SyncWorld;
let person: Person;
beforeAll(async () => {
  world = await syncWorld({ people: 0 });
  await world.simulator.control.addPerson({ id: 'rough', historyDays: 2, oddities: ['roughTimes'] });
  person = await world.consent('rough');
});
afterAll(() => world?.close());

test('a reading without seconds, whose minute begins before the window that it is served in, is stored like all others, once', async () => {
  const { connection, window } = await unreadHistory(world, person, 24);
  // Half a minute from the sensor's own second: one of the two is well within its minute.
  for (const { measuredAt } of (await world.simulator.control.readings('rough', { from: window.from, to: window.to })).slice(20, 50))
    await world.simulator.control.addReading('rough', { measuredAt: measuredAt + 150_000, mgPerDl: 111 });
  const ledger = await world.simulator.control.readings('rough', { from: window.from, to: window.to });
  const { readings } = await world.dexcom.egvs(person.tokens.accessToken, window);
  const told = new Map(readings.map(({ recordId, at }) => [recordId, at]));
  const cut = ledger.slice(20, -20).find(({ recordId, measuredAt }) => measuredAt - (told.get(recordId) ?? measuredAt) > 10_000);
  if (!cut) throw new Error('every time has its seconds');

  const seam = cut.measuredAt - 5_000;
  await pullOnce(world.deps, connection, { ...window, from: seam });
  await pullOnce(world.deps, connection, { ...window, to: seam });
  const stored = (await storedReadings(world, connection)).map(({ recordId }) => recordId);
  expect(stored.toSorted()).toEqual(ledger.map(({ recordId }) => recordId).toSorted());
});
