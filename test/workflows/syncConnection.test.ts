import { ApplicationFailure, type SearchAttributes } from '@temporalio/common';
import { bound, quick, Script, yearOfHistory } from './script';
import { openStage, type Stage, sleep, until } from './stage';
import { DAY } from './states';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

describe('a connection’s workflow', () => {
  test('reads the whole history newest first, going on where each stretch has ended, polls in between, and says so in words and search attributes', async () => {
    const script = new Script(yearOfHistory());
    const ceiling = script.now.liveFrom;
    script.onPull = async ({ purpose, from, to }) => {
      await sleep(150);
      return purpose === 'backfill' ? { doneBackTo: Math.max(from, to - 2 * quick.longestWindowMs) } : {};
    };
    await stage.play(bound(script), async () => {
      const connection = stage.newConnection();
      await stage.workflows(quick).ensureRunning(connection);
      await until('the whole history', () => script.count('backfill') === 7);
      await until('a live phase', async () => (await attributes(connection.connectionId))['SyncPhase']?.[0] === 'live');

      const stretches = script.pulls.filter(({ purpose }) => purpose === 'backfill');
      expect(stretches.map(({ to }) => to)).toEqual(stretches.map((_, n) => ceiling - 2 * n * quick.longestWindowMs));
      expect(script.pulls.findIndex(({ purpose }) => purpose === 'live')).toBeLessThan(script.pulls.indexOf(stretches[6] ?? never()));
      expect(await attributes(connection.connectionId)).toMatchObject({
        TeamId: [connection.teamId],
        UserId: [connection.userId],
        Provider: ['dexcom_v3'],
      });
      const words = /13 of 13 windows[\s\S]*next poll\*\*: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, when the next reading is due/;
      await until('words between two polls', async () => (await stage.detailsOf(connection.connectionId))?.match(words));
    });
  });

  test('costs 11 events a poll without news and 12 with', async () => {
    const script = new Script();
    script.onPull = async () => ({ messages: script.pulls.length % 2 });
    await stage.play(bound(script), async () => {
      const { connectionId, ...rest } = stage.newConnection();
      await stage.workflows({ ...quick, pollsPerRun: 100 }).ensureRunning({ connectionId, ...rest });
      await until('eight polls', () => script.pulls.length >= 9);
      const { events } = await stage.handle(connectionId).fetchHistory();
      const types = (events ?? []).map((event) =>
        event.timerStartedEventAttributes ? 'timer' : event.markerRecordedEventAttributes ? 'marker' : '',
      );
      const starts = types.flatMap((type, index) => (type === 'timer' ? [index] : [])).slice(1, 8);
      const costs = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
      const news = starts.slice(1).map((start, index) => types.slice(starts[index], start).includes('marker'));
      expect(costs).toEqual(news.map((isNews) => (isNews ? 12 : 11)));
      expect(new Set(news).size).toBe(2);
    });
    expect(script.delivered.every((pulls) => pulls % 2 === 1)).toBe(true);
  });

  test('a window that fails holds up neither live polls nor older windows', async () => {
    const script = new Script(yearOfHistory());
    const dead = script.now.backfill?.ceiling;
    script.onPull = async ({ to }) => {
      if (to === dead) throw ApplicationFailure.nonRetryable('the window is broken', 'DexcomUnavailable');
      return {};
    };
    await stage.play(bound(script), async () => {
      const connection = stage.newConnection();
      await stage.workflows({ ...quick, pollsPerRun: 6 }).ensureRunning(connection);
      await until(
        'all other windows',
        () => new Set(script.pulls.filter((pull) => pull.purpose === 'backfill').map(({ to }) => to)).size === 13,
      );
      await until('polls', () => script.count('live') >= 2);
      expect(await attributes(connection.connectionId)).toMatchObject({ SyncPhase: ['failing'], ConnectionError: ['DexcomUnavailable'] });

      const tries = () => script.pulls.filter(({ to }) => to === dead).length;
      const before = tries();
      await until('another try of the dead window', () => tries() > before);
      const lives = script.pulls.filter(({ purpose }) => purpose === 'live').map(({ from }) => from);
      expect(Math.min(...lives)).toBeGreaterThanOrEqual(script.now.liveFrom);
      // Nothing is wrong with the connection: the API shows it as connected, as the Temporal UI does.
      expect(script.notes).toEqual([]);
    });
  });

  test('a backfill that waits for a place lets due polls pass, and counts no failure', async () => {
    const script = new Script(yearOfHistory());
    await stage.play(bound(script), async () => {
      const { connectionId, ...rest } = stage.newConnection();
      await stage.workflows(quick).ensureRunning({ connectionId, ...rest });
      await until('three polls', () => script.count('live') >= 3);
      expect(script.notes).toEqual([]);
      expect((await attributes(connectionId))['SyncPhase']).toEqual(['backfill']);
    }, ['sync']);
    expect(script.count('backfill')).toBe(0);
  });

  test('a refresh asked for during the backfill is done before the next stretch', async () => {
    const script = new Script({ ...yearOfHistory(), nextPollAt: Date.now() + DAY });
    script.onPull = async () => {
      await sleep(300);
      return { nextPollAt: Date.now() + DAY };
    };
    await stage.play(bound(script), async () => {
      const { connectionId, ...rest } = stage.newConnection();
      const workflows = stage.workflows({ ...quick, stretchWindows: 3 });
      await workflows.ensureRunning({ connectionId, ...rest });
      await until('the backfill', () => script.count('backfill') === 2);
      expect(script.count('live')).toBe(0);
      expect(await workflows.refresh(connectionId, 20_000)).toBe('done');
      expect(script.count('live')).toBe(1);
      expect(script.count('backfill')).toBeLessThanOrEqual(4);
    });
  });

  test('a grant refused to the end is told twice, needs a new consent, and goes on with it', async () => {
    const script = new Script({ accessTokenExpiresAt: Date.now() });
    script.onRefresh = async () => ({ kind: 'refused', reason: 'revoked' });
    await stage.play(bound(script), async () => {
      const connection = stage.newConnection();
      const workflows = stage.workflows(quick);
      await workflows.ensureRunning(connection);
      await until('the last try', () => script.refreshes.at(-1)?.attemptsLeft === 0);
      await until('the phase', async () => (await attributes(connection.connectionId))['SyncPhase']?.[0] === 'needs_reauth');
      expect(script.refreshes.map(({ step }) => step)).toEqual(['spend', 'reread', 'reread', 'confirm', 'spend', 'spend']);
      expect(script.notes.map(({ type }) => type)).toEqual(['revoked', 'revoked']);
      // The app hears of it from here, not from the repair minutes later.
      expect(script.delivered).toHaveLength(2);
      expect(await workflows.refresh(connection.connectionId, 10_000)).toBe('pending');
      expect(script.pulls).toEqual([]);

      script.now = { ...script.now, accessTokenExpiresAt: Date.now() + 3_600_000 };
      await workflows.ensureRunning(connection);
      await until('a poll', () => script.count('live') > 0);
    });
  });

  test('a token refused by Dexcom is renewed, and the poll done', async () => {
    const script = new Script();
    script.onPull = async () => {
      if (script.refreshes.length === 0) throw ApplicationFailure.nonRetryable('401', 'TokenExpired');
      return {};
    };
    await stage.play(bound(script), async () => {
      const connection = stage.newConnection();
      const workflows = stage.workflows(quick);
      await workflows.ensureRunning(connection);
      await until('two polls', () => script.pulls.length >= 3);
      expect(script.refreshes).toMatchObject([{ reason: 'refused' }]);
      expect(script.notes).toEqual([]);
    });
  });

  test('storage away is waited for', async () => {
    const script = new Script();
    const load = script.loadConnection;
    let away = true;
    script.loadConnection = async (target) => {
      if (away) throw new Error('away');
      return load(target);
    };
    await stage.play(bound(script), async () => {
      const connection = stage.newConnection();
      await stage.workflows(quick).ensureRunning(connection);
      await until('words of it', async () => (await stage.detailsOf(connection.connectionId))?.includes('storage does not answer'));
      away = false;
      await until('a poll', () => script.pulls.length > 0);
    });
  });

  test('a connection that should not be running ends its run at once, and only that', async () => {
    const script = new Script();
    script.desired = 'disconnected';
    await stage.play(bound(script), async () => {
      const connection = stage.newConnection();
      await stage.workflows(quick).ensureRunning(connection);
      await stage.handle(connection.connectionId).result();
      expect(script.pulls).toEqual([]);
    });
  });
});

const attributes = async (connectionId: string): Promise<SearchAttributes> =>
  (await stage.handle(connectionId).describe()).searchAttributes;

function never(): never {
  throw new Error('missing');
}
