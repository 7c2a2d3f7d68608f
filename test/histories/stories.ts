import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import type { DrainResult } from '../../src/activities/backlogActivities';
import type { ErasureActivities } from '../../src/activities/erasure';
import type { ReplayActivities, ReplayProgress } from '../../src/activities/replays';
import { backlogWorkflowId } from '../../src/temporal/backlogNames';
import { createBacklogs } from '../../src/temporal/backlogs';
import { erasureWorkflowId } from '../../src/temporal/erasureNames';
import { replayWorkflowId } from '../../src/temporal/replayNames';
import { createReplayRuns } from '../../src/temporal/replayRuns';
import { taskQueues } from '../../src/temporal/taskQueues';
import { createUserErasures, type UserErasures } from '../../src/temporal/userErasures';
import { connectionWorkflowId, reconcileWorkflowType } from '../../src/temporal/workflowNames';
import { backlogPolicy } from '../../src/workflows/backlogPolicy';
import type { ErasurePolicy } from '../../src/workflows/erasurePolicy';
import { replayPolicy } from '../../src/workflows/replayPolicy';
import { quick, Script } from '../workflows/script';
import { type Stage, sleep, until } from '../workflows/stage';
import { DAY } from '../workflows/states';

/** Plays one story to its end. @returns the workflow whose latest run is worth keeping */
type Story = (stage: Stage) => Promise<string>;

const historyOf = (days: number) => {
  const ceiling = Date.now() - 60_000;
  return { liveFrom: ceiling, coveredUntil: ceiling, backfill: { floor: ceiling - days * DAY, ceiling, doneBackTo: ceiling } };
};

/** One history per shape a running workflow may have when it meets the next deploy's code. */
export const stories: Readonly<Record<string, Story>> = {
  'connection-backfill-and-polls': async (stage) => {
    const script = new Script(historyOf(300));
    script.onPull = async () => ({ messages: script.pulls.length % 2 });
    return played(stage, script, { ...quick, pollsPerRun: 20 }, () => until('polls', () => script.count('live') >= 6));
  },

  'connection-second-run': async (stage) => {
    const script = new Script();
    return played(stage, script, { ...quick, pollsPerRun: 4 }, () => until('polls', () => script.pulls.length >= 7));
  },

  'connection-failing': async (stage) => {
    const script = new Script(historyOf(40));
    script.onPull = async ({ purpose }) => {
      if (purpose === 'backfill' || script.count('live') % 2 === 0) throw ApplicationFailure.nonRetryable('it failed', 'DexcomUnavailable');
      return {};
    };
    return played(stage, script, { ...quick, pollsPerRun: 40 }, () => until('polls', () => script.count('live') >= 4));
  },

  'connection-token-refused': async (stage) => {
    const script = new Script();
    let refused = false;
    script.onPull = async () => {
      if (script.pulls.length < 3 || refused) return {};
      refused = true;
      throw ApplicationFailure.nonRetryable('401', 'TokenExpired');
    };
    return played(stage, script, quick, () => until('polls', () => script.pulls.length >= 6));
  },

  'connection-needs-reauth': async (stage) => {
    const script = new Script({ accessTokenExpiresAt: Date.now() });
    script.onRefresh = async () => ({ kind: 'refused', reason: 'revoked' });
    return played(stage, script, quick, () => until('the end', () => script.delivered.length === 2));
  },

  'connection-messages': async (stage) => {
    const script = new Script();
    return played(stage, script, { ...quick, pollsPerRun: 40 }, async (connectionId) => {
      const handle = stage.handle(connectionId);
      await stage.workflows(quick).refresh(connectionId, 10_000);
      await handle.signal('pause');
      await until('the pause', () => script.desired === 'paused');
      await handle.signal('resume');
      await until('the resumption', () => script.desired === 'running');
      const polls = script.pulls.length;
      await until('a poll', () => script.pulls.length > polls);
      await handle.signal('disconnect');
      await handle.result();
    });
  },

  'connection-cancelled': async (stage) => {
    const script = new Script();
    const policy = { ...quick, pollsPerRun: 40 };
    let first = '';
    const id = await played(stage, script, policy, async (connectionId) => {
      const handle = stage.handle(connectionId);
      first = (await handle.describe()).runId;
      await handle.cancel();
      await until('another run', async () => (await handle.describe()).runId !== first);
    });
    return `${id}/${first}`;
  },

  reconcile: async (stage) => {
    const workflowId = `${stage.prefix}reconcile`;
    const one = async () => 1;
    const parts = {
      settleUsers: one,
      settleLinkSessions: one,
      endIngestion: one,
      restartOverdue: one,
      publishLeft: one,
      dispatchLeft: one,
      wakeBacklogs: one,
      purgeExpired: one,
    };
    await stage.play(parts, async () => {
      await stage.client.workflow.execute(reconcileWorkflowType, { workflowId, taskQueue: taskQueues(stage.prefix).sync });
    });
    return workflowId;
  },

  'user-erased': async (stage) => {
    const eraseAt = Date.now() + 2_000;
    const activities: ErasureActivities = {
      deletionOf: async () => ({ eraseAt, connectionIds: ['connection'] }),
      eraseUser: async () => true,
      eraseLeft: async () => undefined,
    };
    return erasure(stage, activities, { lookAgainMs: 500 });
  },

  'user-undone': async (stage) => {
    let isDeleted = true;
    const activities: ErasureActivities = {
      deletionOf: async () => (isDeleted ? { eraseAt: Date.now() + 3_600_000, connectionIds: [] } : null),
      eraseUser: async () => false,
      eraseLeft: async () => undefined,
    };
    return erasure(stage, activities, { lookAgainMs: 500 }, async (erasures, userId) => {
      await sleep(1_000);
      isDeleted = false;
      await erasures.tellUndone(userId);
    });
  },

  'endpoint-backlog': async (stage) => {
    const results: DrainResult[] = [
      { kind: 'failed', accepted: 0, trouble: 'busy', error: 'HTTP 503', retryAfterMs: null },
      { kind: 'more', accepted: 9 },
      { kind: 'drained', accepted: 3, dueAt: Date.now() + 2_000 },
    ];
    const drainBacklog = async (): Promise<DrainResult> => results.shift() ?? { kind: 'drained', accepted: 1, dueAt: null };
    const policy = { ...backlogPolicy, probeAfterMs: [200], probeEveryMs: 200 };
    const endpoint = { endpointId: `${stage.prefix}endpoint`, teamId: 'team' };
    await stage.play({ drainBacklog }, async () => {
      await createBacklogs(stage.client, { queuePrefix: stage.prefix, policy }).wake(endpoint, null);
      await stage.client.workflow.getHandle(backlogWorkflowId(endpoint.endpointId)).result();
    });
    return backlogWorkflowId(endpoint.endpointId);
  },

  'endpoint-refused-inline': async (stage) => {
    const markFailing = async (): Promise<void> => undefined;
    const drainBacklog = async (): Promise<DrainResult> => ({ kind: 'drained', accepted: 1, dueAt: null });
    const endpoint = { endpointId: `${stage.prefix}refused`, teamId: 'team' };
    const policy = { ...backlogPolicy, probeAfterMs: [500] };
    await stage.play({ markFailing, drainBacklog }, async () => {
      const failure = { error: 'HTTP 429', retryAfterMs: 500, trouble: 'busy' as const };
      await createBacklogs(stage.client, { queuePrefix: stage.prefix, policy }).wake(endpoint, failure);
      await stage.client.workflow.getHandle(backlogWorkflowId(endpoint.endpointId)).result();
    });
    return backlogWorkflowId(endpoint.endpointId);
  },

  'replay-done': async (stage) => {
    const kinds: ReplayProgress['kind'][] = ['more', 'full', 'full', 'over'];
    return replayed(stage, 'done', async () => ({ ...counted, kind: kinds.shift() ?? 'over' }));
  },

  'replay-cancelled': async (stage) =>
    replayed(
      stage,
      'cancelled',
      async () => ({ ...counted, kind: 'full' }),
      async (operationId) => {
        await sleep(1_500);
        await stage.client.workflow.getHandle(replayWorkflowId(operationId)).cancel();
      },
    ),
};

const counted: ReplayProgress = { kind: 'over', queuedNow: 0, queued: 200, lookedAt: 300, waiting: 1, outcome: null };

async function replayed(
  stage: Stage,
  name: string,
  replayPart: ReplayActivities['replayPart'],
  during: (operationId: string) => Promise<void> = async () => undefined,
): Promise<string> {
  const operationId = `${stage.prefix}replay-${name}`;
  const runs = createReplayRuns(stage.client, { queuePrefix: stage.prefix, policy: { ...replayPolicy, pauseMs: 300 } });
  const activities: ReplayActivities = { replayPart, cancelReplay: async () => undefined };
  await stage.play(activities, async () => {
    await runs.ensureRunning({ operationId, teamId: 'team', endpointId: 'endpoint' });
    await during(operationId);
    await stage.client.workflow.getHandle(replayWorkflowId(operationId)).result();
  });
  return replayWorkflowId(operationId);
}

async function erasure(
  stage: Stage,
  activities: ErasureActivities,
  policy: ErasurePolicy,
  during: (erasures: UserErasures, userId: string) => Promise<void> = async () => undefined,
): Promise<string> {
  const user = { userId: `${stage.prefix}user-${randomUUID().slice(0, 8)}`, teamId: 'team' };
  const erasures = createUserErasures(stage.client, { queuePrefix: stage.prefix, policy });
  await stage.play(activities, async () => {
    await erasures.ensureRunning(user);
    await during(erasures, user.userId);
    await stage.client.workflow.getHandle(erasureWorkflowId(user.userId)).result();
  });
  return erasureWorkflowId(user.userId);
}

async function played(
  stage: Stage,
  script: Script,
  policy: typeof quick,
  during: (connectionId: string) => Promise<unknown>,
): Promise<string> {
  const connection = stage.newConnection();
  await stage.play({ ...script }, async () => {
    await stage.workflows(policy).ensureRunning(connection);
    await during(connection.connectionId);
  });
  return connectionWorkflowId(connection.connectionId);
}
