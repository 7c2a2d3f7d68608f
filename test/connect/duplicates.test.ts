import { completeLinkSession } from '../../src/connect/completeLinkSession';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { CONSUMED_AFTER, type InterruptedWorld, openInterruptedWorld } from './interruptedWorld';
import { type Link, SUCCESS } from './linkWorld';

/** A team that gives each Dexcom account to one of its users only. Every test has an account of its own. */
let world: InterruptedWorld;
let accounts = 0;

beforeAll(async () => {
  world = await openInterruptedWorld();
  await refuseDuplicates(true);
});
afterAll(() => world?.close());

const refuseDuplicates = (rejectDuplicateConnection: boolean) =>
  world.db.collection<{ _id: string }>('teams').updateOne({ _id: world.app.teamId }, { $set: { rejectDuplicateConnection } });

async function newAccount(): Promise<string> {
  const id = `account-${++accounts}`;
  await world.simulator.control.addPerson({ id, historyDays: 3 });
  return id;
}

const connectionsOf = (userId: string): Promise<ConnectionDoc[]> => world.services.connections.ofUser(world.app.teamId, userId);
const runningOf = async (userIds: readonly string[]): Promise<ConnectionDoc[]> =>
  (await Promise.all(userIds.map(connectionsOf))).flat().filter(({ desired }) => desired === 'running');
const endOf = async (callback: string): Promise<string> => {
  const { headers } = await world.open(callback);
  const back = new URL(headers.get('location') ?? '');
  return back.href === SUCCESS ? 'success' : (back.searchParams.get('error_type') ?? '');
};
const tryToConnect = async (userId: string, account: string): Promise<string> =>
  endOf(await world.approve(await world.begin(userId), account));

/** A consent whose API died right after it was kept. */
async function unsettledConsent(userId: string, account: string): Promise<Link> {
  const link = await world.begin(userId);
  const callback = await world.approve(link, account);
  const revive = world.strike(CONSUMED_AFTER);
  await world.open(callback);
  revive();
  return link;
}
const complete = async (link: Link): Promise<void> => completeLinkSession(world.services, (await world.sessionOf(link))._id);

describe('an account that another user of the team has', () => {
  test('is refused; nothing comes of the consent, and the same link may be tried with another account', async () => {
    const [account, free] = [await newAccount(), await newAccount()];
    const [first, second] = [await world.app.newUser(), await world.app.newUser()];
    expect(await tryToConnect(first, account)).toBe('success');

    const link = await world.begin(second);
    const callback = await world.approve(link, account);
    expect(await endOf(callback)).toBe('duplicate_connection');
    expect(await world.sessionOf(link)).toMatchObject({ step: { kind: 'open' }, unfinished: false });
    expect([await connectionsOf(second), await world.db.collection('messages').countDocuments({ userId: second })]).toEqual([[], 0]);
    expect(await endOf(callback)).toBe('duplicate_connection');

    expect(await endOf(await world.approve(link, free))).toBe('success');
    expect(await endOf(callback)).toBe('duplicate_connection');
    expect(await runningOf([first, second])).toHaveLength(2);
  });

  test('being refused does not end what the user had', async () => {
    const [taken, own] = [await newAccount(), await newAccount()];
    const [first, second] = [await world.app.newUser(), await world.app.newUser()];
    expect([await tryToConnect(first, taken), await tryToConnect(second, own)]).toEqual(['success', 'success']);
    expect(await tryToConnect(second, taken)).toBe('duplicate_connection');
    expect(await runningOf([second])).toHaveLength(1);
  });

  test('is refused too if it was connected while the team allowed that, or is paused', async () => {
    const account = await newAccount();
    const [first, second] = [await world.app.newUser(), await world.app.newUser()];
    await refuseDuplicates(false);
    expect(await tryToConnect(first, account)).toBe('success');
    await refuseDuplicates(true);
    const [connection] = await connectionsOf(first);
    await world.services.connections.setDesired(world.app.teamId, connection?._id ?? '', 'paused');
    expect(await tryToConnect(second, account)).toBe('duplicate_connection');
  });

  test('is free once they have disconnected, and theirs again only after that', async () => {
    const account = await newAccount();
    const [first, second] = [await world.app.newUser(), await world.app.newUser()];
    for (const [holder, other] of [
      [first, second],
      [second, first],
    ] as const) {
      expect(await tryToConnect(holder, account)).toBe('success');
      expect(await tryToConnect(other, account)).toBe('duplicate_connection');
      const [connection] = await runningOf([holder]);
      await world.services.connections.setDesired(world.app.teamId, connection?._id ?? '', 'disconnected');
    }
  });

  test('is theirs to connect again', async () => {
    const account = await newAccount();
    const userId = await world.app.newUser();
    for (let times = 0; times < 3; times++) expect(await tryToConnect(userId, account)).toBe('success');
    expect(await connectionsOf(userId)).toHaveLength(1);
  });

  test('is nobody’s in another team', async () => {
    const account = await newAccount();
    expect(await tryToConnect(await world.app.newUser(), account)).toBe('success');
    const other = await world.newApp();
    const { body } = await other.call('POST', '/v2/link/token', { body: { user_id: await other.newUser(), provider: 'dexcom_v3' } });
    const done = await world.open(await world.approve({ token: body.link_token, webUrl: body.link_web_url }, account));
    expect([done.status, done.body]).toEqual([200, expect.stringContaining('<h1>Connected</h1>')]);
  });
});

describe('one account, many users at once', () => {
  test.each([1, 2, 3])('exactly one has it (round %i)', async () => {
    const account = await newAccount();
    const userIds = await Promise.all(Array.from({ length: 6 }, () => world.app.newUser()));
    const callbacks = await Promise.all(userIds.map(async (userId) => world.approve(await world.begin(userId), account)));
    const ends = await Promise.all(callbacks.map(endOf));
    expect(ends.toSorted()).toEqual([...Array(5).fill('duplicate_connection'), 'success']);
    expect(await runningOf(userIds)).toHaveLength(1);
  });

  test.each(Array.from({ length: 14 }, (_, step) => step))(
    'whose first died after %i steps of settling: one has it in the end',
    async (step) => {
      const account = await newAccount();
      const [first, second] = [await world.app.newUser(), await world.app.newUser()];
      const link = await unsettledConsent(first, account);
      const revive = world.strike(step);
      await complete(link).catch(() => undefined);
      revive();

      const end = await tryToConnect(second, account);
      await complete(link);
      const running = await runningOf([first, second]);
      expect(running.map(({ userId }) => userId)).toEqual([end === 'success' ? second : first]);
      expect((await world.sessionOf(link)).unfinished).toBe(false);
    },
  );
});

describe('a consent that cannot be settled because Dexcom does not answer', () => {
  /** Comes back from signing in while Dexcom is away. @returns how that ended */
  async function comeBack(
    userId: string,
    account: string,
  ): Promise<{ readonly link: Link; readonly callback: string; readonly end: string }> {
    const link = await world.begin(userId);
    const callback = await world.approve(link, account);
    await world.simulator.control.addFault({ endpoints: ['dataRange'], kind: 'status', status: 503 });
    return { link, callback, end: await endOf(callback) };
  }

  test('is not called a success, and settled later: the same callback tells it', async () => {
    const account = await newAccount();
    const userId = await world.app.newUser();
    const { link, callback, end } = await comeBack(userId, account);
    expect(end).toBe('provider_api_error');
    expect(await world.sessionOf(link)).toMatchObject({ unfinished: true });
    await complete(link);
    expect([await endOf(callback), (await runningOf([userId])).length]).toEqual(['success', 1]);
  });

  test('and turns out to be of another user’s account is refused, and the same link may be tried with another', async () => {
    const [account, free] = [await newAccount(), await newAccount()];
    const [first, second] = [await world.app.newUser(), await world.app.newUser()];
    expect(await tryToConnect(first, account)).toBe('success');
    const { link, callback, end } = await comeBack(second, account);
    expect(end).toBe('provider_api_error');
    await complete(link);
    expect(await endOf(callback)).toBe('duplicate_connection');
    expect(await endOf(await world.approve(link, free))).toBe('success');
  });
});

test.each(Array.from({ length: 14 }, (_, step) => step))(
  'a team that begins to refuse duplicates %i steps into settling one leaves no tokens of a consent that it refuses',
  async (step) => {
    const account = await newAccount();
    const [first, second] = [await world.app.newUser(), await world.app.newUser()];
    expect(await tryToConnect(first, account)).toBe('success');
    await refuseDuplicates(false);
    const link = await unsettledConsent(second, account);
    const revive = world.strike(step);
    await complete(link).catch(() => undefined);
    revive();
    await refuseDuplicates(true);

    await complete(link);
    const running = await runningOf([second]);
    const grants = await world.db.collection('grants').find({ userId: second, ended: null }).toArray();
    expect(grants.map(({ _id }) => String(_id))).toEqual(running.map(({ _id }) => _id));
  },
);

test('a team that does not mind gives one account to many', async () => {
  await refuseDuplicates(false);
  const account = await newAccount();
  const userIds = [await world.app.newUser(), await world.app.newUser()];
  expect(await Promise.all(userIds.map((userId) => tryToConnect(userId, account)))).toEqual(['success', 'success']);
  expect(await runningOf(userIds)).toHaveLength(2);
  await refuseDuplicates(true);
});
