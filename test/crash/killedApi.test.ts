import { setTimeout as sleep } from 'node:timers/promises';
import { type Engine, startEngine } from '../engine/engine';
import { eventually } from '../engine/eventually';
import { seededRandom } from './seededRandom';
import { type ConnectedPerson, expectAllStoredOnce, expectConnected, expectNewsToldOnce, historiesEnded } from './verdict';

const PEOPLE = 4;

interface Interrupted {
  readonly person: string;
  readonly userId: string;
  readonly callback: string;
  /** When they set out. */
  readonly before: number;
}

/** The API dies while Dexcom's redirect is being answered; the browser shows an error, the person reloads, at worst starts again. */
describe('the API killed during callbacks', () => {
  let engine: Engine;
  const people: ConnectedPerson[] = [];

  beforeAll(async () => {
    engine = await startEngine({ interval: '3s', simulator: { people: PEOPLE, historyDays: 3, delay: '1s', grace: '120s' } });
    const random = seededRandom('callbacks');
    const interrupted: Interrupted[] = [];
    for (const { id: person } of await engine.simulator.control.people()) {
      const { user_id: userId } = await eventually(() => engine.call<{ user_id: string }>('POST', '/v2/user', { client_user_id: person }));
      const before = Date.now();

      const callback = await consentOf(person, userId);
      const answer = fetch(callback).catch(() => null);
      await sleep(random() * 120);
      await engine.server.kill();
      await answer;
      engine.server.start();
      interrupted.push({ person, userId, callback, before });
    }
    // At once: a callback that died holding its lease keeps its reload waiting for half a minute.
    people.push(...(await Promise.all(interrupted.map(reload))));
  }, 400_000);
  afterAll(() => engine?.stop());

  /** @returns where Dexcom sends the browser after the person has approved */
  async function consentOf(person: string, userId: string): Promise<string> {
    const link = await eventually(async () => fetch(await engine.linkUrl(userId), { redirect: 'manual' }));
    return engine.simulator.approve(link.headers.get('location') ?? '', person);
  }

  async function reload({ person, userId, callback, before }: Interrupted): Promise<ConnectedPerson> {
    if (!(await succeeds(callback))) expect(await succeeds(await consentOf(person, userId))).toBe(true);
    return { person, userId, connectedBetween: [before, Date.now()] };
  }

  const succeeds = (callback: string): Promise<boolean> =>
    eventually(async () => {
      const { status, ok } = await fetch(callback);
      if (status >= 500) throw new Error(`the API answered ${status}`);
      return ok;
    });

  test('everybody is connected once, and their history and news arrive', async () => {
    await historiesEnded(engine, people);
    for (const person of people) {
      await expectConnected(engine, person);
      await expectAllStoredOnce(engine, person);
      await expectNewsToldOnce(engine, person);
    }
  });

  test('each was announced as connected once', async () => {
    const told = engine.receiver.distinct('provider.connection.created').map(({ body }) => body.user_id);
    expect(told.toSorted()).toEqual(people.map(({ userId }) => userId).toSorted());
  });
});
