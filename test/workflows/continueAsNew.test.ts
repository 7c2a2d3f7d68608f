import { ApplicationFailure } from '@temporalio/common';
import { bound, quick, Script, yearOfHistory } from './script';
import { openStage, type Stage, until } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

describe('continue-as-new', () => {
  test('keeps failures, deadlines and wishes, under 1 KB', async () => {
    const script = new Script(yearOfHistory());
    script.onPull = async ({ purpose }) => {
      if (purpose === 'backfill') throw ApplicationFailure.nonRetryable('broken', 'DexcomUnavailable');
      return {};
    };
    await stage.play(bound(script), async () => {
      const connection = stage.newConnection();
      const policy = { ...quick, pollsPerRun: 5, backoffFirstMs: 3_600_000, backoffMostMs: 3_600_000 };
      const workflows = stage.workflows(policy);
      await workflows.ensureRunning(connection);
      const first = (await stage.handle(connection.connectionId).describe()).runId;
      await until('another run', async () => (await stage.handle(connection.connectionId).describe()).runId !== first);
      await until('its polls', () => script.count('live') >= 6);

      expect(script.count('backfill')).toBe(3);
      const { events } = await stage.handle(connection.connectionId).fetchHistory();
      const input = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data ?? never();
      const { state } = JSON.parse(Buffer.from(input).toString());
      expect(JSON.stringify(state).length).toBeLessThan(1_024);
      expect(state.troubled).toHaveLength(3);

      expect(await stage.detailsOf(connection.connectionId)).toContain(connection.userId);
    });
  });

  test('loses no wish: of many refreshes at its edges each is answered, and a pause stays', async () => {
    const script = new Script();
    script.pollEveryMs = 50;
    await stage.play(bound(script), async () => {
      const { connectionId, ...rest } = stage.newConnection();
      const workflows = stage.workflows({ ...quick, pollsPerRun: 1 });
      await workflows.ensureRunning({ connectionId, ...rest });
      for (let round = 0; round < 8; round++) {
        const polls = script.pulls.length;
        const answer = await workflows.refresh(connectionId, 20_000);
        expect(['done', 'pending']).toContain(answer);
        await until('a poll after the wish', () => script.pulls.length > polls);
      }
      await stage.handle(connectionId).signal('pause');
      await until('the pause in storage', () => script.desired === 'paused');
    });
  });
});

function never(): never {
  throw new Error('missing');
}
