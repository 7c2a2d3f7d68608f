import { type InterruptedWorld, openInterruptedWorld } from './interruptedWorld';

let world: InterruptedWorld;

beforeAll(async () => {
  world = await openInterruptedWorld();
});
afterAll(() => world?.close());

test('of two accounts, one of whose consents sleeps at any step while the other is settled, the younger consent stays, alone', async () => {
  let slept = true;
  for (let step = 0; slept; step++) {
    const userId = await world.app.newUser();
    const callback = await world.approve(await world.begin(userId), world.people[0]);
    const first = await world.lull(step, () => world.open(callback));
    slept = first.slept;

    await world.connect(userId, world.people[1]);
    await first.wake();
    const connections = await world.services.connections.ofUser(world.app.teamId, userId);
    const youngest = Math.max(...connections.map(({ consentedAt }) => consentedAt));
    const running = connections.filter(({ desired }) => desired === 'running');
    expect([step, running.map(({ consentedAt }) => consentedAt)]).toEqual([step, [youngest]]);
  }
});
