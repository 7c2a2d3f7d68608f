import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { quick, Script } from './script';
import { openStage, type Stage, sleep, until } from './stage';
import { DAY } from './states';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

/** Starts a connection that polls every 300 ms. */
async function running(script: Script, policy = quick) {
  const connection = stage.newConnection();
  const workflows = stage.workflows(policy);
  await workflows.ensureRunning(connection);
  await until('a poll', () => script.count('live') > 0);
  return { ...connection, workflows, handle: stage.handle(connection.connectionId) };
}

const phase = async (connectionId: string) => (await stage.handle(connectionId).describe()).searchAttributes['SyncPhase']?.[0];

async function finishedTasks(connectionId: string) {
  const { events } = await stage.handle(connectionId).fetchHistory();
  return (events ?? []).flatMap(({ eventId, workflowTaskCompletedEventAttributes }) =>
    workflowTaskCompletedEventAttributes ? [eventId] : [],
  );
}

async function standsStill(script: Script) {
  const before = script.pulls.length;
  await sleep(1_000);
  expect(script.pulls.length).toBe(before);
}

describe('in the Temporal UI', () => {
  test('Cancel means pause: kept in storage, shown, lifted by resume; and it works again', async () => {
    const script = new Script();
    await stage.play({ ...script }, async () => {
      const { connectionId, handle } = await running(script);
      for (const _ of ['once', 'twice']) {
        await handle.cancel();
        await until('paused', async () => (await phase(connectionId)) === 'paused');
        expect(script.desired).toBe('paused');
        expect((await handle.describe()).status.name).toBe('RUNNING');
        await standsStill(script);

        await handle.signal('resume');
        const before = script.pulls.length;
        await until('polls', () => script.pulls.length > before);
        expect(script.desired).toBe('running');
      }
    });
  });

  test('Cancel stops a pull that is under way', async () => {
    const script = new Script();
    await stage.play({ ...script }, async () => {
      const { connectionId, handle } = await running(script);
      script.onPull = () =>
        Context.current()
          .sleep(60_000)
          .then(() => ({}));
      const before = script.pulls.length;
      await until('a long pull', () => script.pulls.length > before);
      await handle.cancel();
      const asked = Date.now();
      await until('paused', async () => (await phase(connectionId)) === 'paused');
      expect(Date.now() - asked).toBeLessThan(15_000);
    });
  });

  test('Terminate ends it, and the next repair starts it afresh from storage', async () => {
    const script = new Script();
    await stage.play({ ...script }, async () => {
      const { connectionId, workflows, handle, ...rest } = await running(script);
      await handle.terminate();
      expect(await workflows.isRunning(connectionId)).toBe(false);
      expect(await workflows.refresh(connectionId, 5_000)).toBe('absent');
      expect(await workflows.tell(connectionId, 'pause')).toBe('absent');

      const before = script.pulls.length;
      await workflows.ensureRunning({ connectionId, ...rest });
      await until('polls', () => script.pulls.length > before);
    });
  });

  test('Reset to any of its workflow tasks goes on polling', async () => {
    const script = new Script({
      backfill: { floor: Date.now() - 100 * DAY, ceiling: Date.now() - 60_000, doneBackTo: Date.now() - 60_000 },
    });
    await stage.play({ ...script }, async () => {
      const { connectionId, handle } = await running(script, { ...quick, stretchWindows: 1 });
      await until('some history', () => script.count('backfill') >= 4);
      for (const which of [0, 2, -1]) {
        const { runId } = await handle.describe();
        const workflowTaskFinishEventId = (await finishedTasks(connectionId)).at(which) ?? null;
        const workflowExecution = { workflowId: handle.workflowId, runId };
        await stage.client.workflowService.resetWorkflowExecution({
          namespace: 'default',
          workflowExecution,
          reason: 'a test',
          requestId: randomUUID(),
          workflowTaskFinishEventId,
        });
        const before = script.count('live');
        await until('polls after the reset', () => script.count('live') > before + 1);
        expect(await phase(connectionId)).toBe('live');
        await stage.workflows(quick).refresh(connectionId, 10_000);
      }
    });
  });

  test('every message says what it does', async () => {
    const script = new Script();
    await stage.play({ ...script }, async () => {
      const { handle } = await running(script);
      const { definition } = await handle.query<{ definition: Record<string, { name: string; description?: string }[]> }>(
        '__temporal_workflow_metadata',
      );
      const described = [...(definition['signalDefinitions'] ?? []), ...(definition['updateDefinitions'] ?? [])];
      expect(described.map(({ name }) => name).toSorted()).toEqual(['disconnect', 'pause', 'reconnect', 'refresh', 'resume']);
      expect(described.every(({ description }) => description)).toBe(true);
    });
  });
});

describe('messages', () => {
  test('pause and resume from the UI are written; from the API, which has written them, they are read', async () => {
    const script = new Script();
    await stage.play({ ...script }, async () => {
      const { connectionId, workflows, handle } = await running(script);
      await handle.signal('pause');
      await until('paused', async () => (await phase(connectionId)) === 'paused');
      expect(script.desired).toBe('paused');

      script.desired = 'running';
      expect(await workflows.tell(connectionId, 'resume')).toBe('told');
      await until('running', async () => (await phase(connectionId)) === 'live');

      // The last word is storage's: a late pause of somebody whose wish was overtaken changes nothing.
      await workflows.tell(connectionId, 'pause');
      const before = script.pulls.length;
      await until('polls', () => script.pulls.length > before + 1);
      expect(script.desired).toBe('running');
    });
  });

  test('disconnect ends it for good, whatever it is doing', async () => {
    const script = new Script();
    await stage.play({ ...script }, async () => {
      const { handle, connectionId, workflows } = await running(script);
      script.onPull = () =>
        Context.current()
          .sleep(60_000)
          .then(() => ({}));
      const before = script.pulls.length;
      await until('a long pull', () => script.pulls.length > before);
      await handle.signal('disconnect');
      await handle.result();
      expect(script.desired).toBe('disconnected');
      expect(await workflows.isRunning(connectionId)).toBe(false);
    });
  });

  test('disconnect waits for a refresh of the token, which may have been spent', async () => {
    const script = new Script({ accessTokenExpiresAt: Date.now() });
    let finished = false;
    script.onRefresh = async () => {
      await sleep(3_000);
      finished = true;
      return { kind: 'refreshed', accessTokenExpiresAt: Date.now() + 3_600_000 };
    };
    await stage.play({ ...script }, async () => {
      const connection = stage.newConnection();
      await stage.workflows(quick).ensureRunning(connection);
      await until('a refresh', () => script.refreshes.length === 1);
      await stage.handle(connection.connectionId).signal('disconnect');
      await stage.handle(connection.connectionId).result();
      expect(finished).toBe(true);
    });
  });

  test('starting again and again leaves one workflow, which looks at its connection', async () => {
    const script = new Script();
    await stage.play({ ...script }, async () => {
      const { connectionId, teamId, userId, workflows, handle } = await running(script);
      const { runId } = await handle.describe();
      await Promise.all(Array.from({ length: 5 }, () => workflows.ensureRunning({ connectionId, teamId, userId })));
      script.desired = 'paused';
      await workflows.ensureRunning({ connectionId, teamId, userId });
      await until('paused', async () => (await phase(connectionId)) === 'paused');
      expect((await handle.describe()).raw.workflowExecutionInfo?.firstRunId).toBe(runId);
      expect(await workflows.refresh(connectionId, 10_000)).toBe('pending');
    });
  });

  test('a refresh with no worker about is pending; with Temporal away it is unavailable', async () => {
    const connection = stage.newConnection();
    const workflows = stage.workflows(quick);
    await workflows.ensureRunning(connection);
    expect(await workflows.refresh(connection.connectionId, 1_000)).toBe('pending');
    await stage.handle(connection.connectionId).terminate();
  });
});
