import type { Db } from 'mongodb';
import { type LinkWorld, openLinkWorld, SUCCESS } from './linkWorld';

let world: LinkWorld;

beforeAll(async () => {
  world = await openLinkWorld();
});
afterAll(() => world?.close());

const outcomeOf = async (callback: string): Promise<string> => {
  const location = new URL((await world.open(callback)).headers.get('location') ?? 'none:');
  return location.searchParams.get('error_type') ?? location.searchParams.get('state') ?? 'nothing';
};
const exchanges = async (): Promise<number> => (await world.simulator.control.calls({ endpoint: 'token' })).length;
const sessions = (db: Db) => db.collection<{ _id: string; expiresAt: number; spentCodeHashes: string[] }>('link_sessions');

describe('one link, many callbacks', () => {
  test('the same code many times at once is sent to Dexcom once, and everybody gets the same redirect', async () => {
    const userId = await world.app.newUser();
    const callback = await world.approve(await world.begin(userId));
    const before = await exchanges();
    const locations = await Promise.all(Array.from({ length: 6 }, async () => (await world.open(callback)).headers.get('location')));
    expect(new Set(locations)).toEqual(new Set([SUCCESS]));
    expect((await exchanges()) - before).toBe(1);
    expect(await world.services.connections.ofUser(world.app.teamId, userId)).toHaveLength(1);
  });

  test('two tabs with a consent each: one connects, the other learns that the link is used', async () => {
    const userId = await world.app.newUser();
    const link = await world.begin(userId);
    const callbacks = [await world.approve(link), await world.approve(link)];
    const outcomes = await Promise.all(callbacks.map(outcomeOf));
    expect(outcomes.sort()).toEqual(['success', 'token_consumed']);
    expect(await world.services.connections.ofUser(world.app.teamId, userId)).toHaveLength(1);
  });

  test('two tabs with a Dexcom account each connect one of them', async () => {
    const userId = await world.app.newUser();
    const link = await world.begin(userId);
    const callbacks = [await world.approve(link, world.people[0]), await world.approve(link, world.people[1])];
    expect((await Promise.all(callbacks.map(outcomeOf))).sort()).toEqual(['success', 'token_consumed']);
    expect(await world.services.connections.ofUser(world.app.teamId, userId)).toHaveLength(1);
  });

  test('a reload hours later still leads back to the app as connected', async () => {
    const link = await world.begin(await world.app.newUser());
    const callback = await world.approve(link);
    expect(await outcomeOf(callback)).toBe('success');
    await sessions(world.db).updateOne({ _id: (await world.sessionOf(link))._id }, { $set: { expiresAt: 0 } });
    expect(await outcomeOf(callback)).toBe('success');
  });

  test('a code that failed is not sent again', async () => {
    const link = await world.begin(await world.app.newUser());
    const callback = await world.approve(link);
    await world.simulator.control.addFault({ endpoints: ['token'], kind: 'status', status: 500 });
    expect(await outcomeOf(callback)).toBe('provider_api_error');
    const before = await exchanges();
    expect(await outcomeOf(callback)).toBe('token_not_validated');
    expect(await exchanges()).toBe(before);
  });

  test('a link that has expired connects nobody', async () => {
    const userId = await world.app.newUser();
    const link = await world.begin(userId);
    const callback = await world.approve(link);
    await sessions(world.db).updateOne({ _id: (await world.sessionOf(link))._id }, { $set: { expiresAt: Date.now() } });
    expect(await outcomeOf(callback)).toBe('token_expired');
    expect(await world.services.connections.ofUser(world.app.teamId, userId)).toEqual([]);
  });

  test('a tab that comes back refused from a link used or expired meanwhile learns that; the one that connected stays connected', async () => {
    const link = await world.begin(await world.app.newUser());
    const callback = await world.approve(link);
    const refusal = `${world.url}/v2/link/connect/dexcom_v3?error=access_denied&state=${link.token}`;
    expect(await outcomeOf(refusal)).toBe('user_cancelled');
    expect(await outcomeOf(callback)).toBe('success');
    expect(await outcomeOf(refusal)).toBe('token_consumed');
    expect(await outcomeOf(callback)).toBe('success');

    const late = await world.begin(await world.app.newUser());
    await sessions(world.db).updateOne({ _id: (await world.sessionOf(late))._id }, { $set: { expiresAt: Date.now() } });
    expect(await outcomeOf(`${world.url}/v2/link/connect/dexcom_v3?error=access_denied&state=${late.token}`)).toBe('token_expired');
  });

  test('a link cannot be used to try codes without end', async () => {
    const link = await world.begin(await world.app.newUser());
    const callback = new URL(await world.approve(link));
    const code = callback.searchParams.get('code') ?? '';
    const outcomes: string[] = [];
    for (let n = 0; n < 21; n++) {
      callback.searchParams.set('code', `guess-${n}`);
      outcomes.push(await outcomeOf(callback.href));
    }
    expect(new Set(outcomes.slice(0, 20))).toEqual(new Set(['provider_credential_error']));
    expect(outcomes[20]).toBe('invalid_token');
    callback.searchParams.set('code', code);
    expect(await outcomeOf(callback.href)).toBe('invalid_token');
  });
});

describe('a link that is used up', () => {
  test('sends the browser back to the app', async () => {
    const link = await world.connect(await world.app.newUser());
    expect((await world.open(link.webUrl)).headers.get('location')).toContain('error_type=token_consumed');
  });

  test('opens no sign-in for a custom page either', async () => {
    const link = await world.connect(await world.app.newUser());
    const answer = await world.open(`${world.url}/v2/link/provider/oauth/dexcom_v3`, { 'x-vital-link-token': link.token });
    expect([answer.status, answer.body.detail.error_type]).toEqual([401, 'INVALID_REQUEST']);
  });
});
