import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { ensureReconcileSchedule } from '../../src/temporal/reconcileSchedule';
import { taskQueues } from '../../src/temporal/taskQueues';
import { reconcileScheduleId, reconcileWorkflowType } from '../../src/temporal/workflowNames';
import { openStage, type Stage, until } from '../workflows/stage';

const PARTS = [
  'settleUsers',
  'settleLinkSessions',
  'endIngestion',
  'restartOverdue',
  'publishLeft',
  'dispatchLeft',
  'wakeBacklogs',
  'purgeExpired',
];

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

/** The parts as the workflow sees them: what they do is tested with them. */
function parts(failing: string | null = null) {
  const done: string[] = [];
  const part = (name: string) => async () => {
    done.push(name);
    if (name === failing) throw ApplicationFailure.nonRetryable('not this time', 'DatabaseAway');
    return 1;
  };
  return { done, activities: Object.fromEntries(PARTS.map((name) => [name, part(name)])) };
}

const once = (workflowId: string): Promise<unknown> =>
  stage.client.workflow.execute(reconcileWorkflowType, { workflowId, taskQueue: taskQueues(stage.prefix).sync });

describe('one round of repair', () => {
  test('does its parts in the order in which one makes work for the next', async () => {
    const { done, activities } = parts();
    await stage.play(activities, async () => {
      expect(await once(`${stage.prefix}all`)).toEqual(Object.fromEntries(PARTS.map((name) => [name, 1])));
    });
    expect(done).toEqual(PARTS);
  });

  test('a part that fails leaves the others their turn, and is named', async () => {
    const { done, activities } = parts('restartOverdue');
    await stage.play(activities, async () => {
      const failure = await once(`${stage.prefix}failing`).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(WorkflowFailedError);
      expect(failure).toMatchObject({ cause: { message: 'not repaired this time: restartOverdue' } });
    });
    expect(done).toEqual(PARTS);
  });
});

describe('its schedule', () => {
  const everyMs = 1_000;
  const schedule = () => stage.client.schedule.getHandle(reconcileScheduleId(stage.prefix));
  afterAll(() =>
    schedule()
      .delete()
      .catch(() => undefined),
  );

  test('is there once, however many workers start at the same time, and runs', async () => {
    const queuePrefix = stage.prefix;
    await Promise.all(Array.from({ length: 5 }, () => ensureReconcileSchedule(stage.client, { queuePrefix, everyMs })));
    const { done, activities } = parts();
    await stage.play(activities, async () => {
      await until('two rounds', () => done.length >= 2 * PARTS.length);
    });
  });

  test('takes a later worker’s interval, and stays paused if somebody has paused it', async () => {
    await schedule().pause('maintenance');
    await ensureReconcileSchedule(stage.client, { queuePrefix: stage.prefix, everyMs: 120_000 });
    const { spec, state } = await schedule().describe();
    expect(spec.intervals).toMatchObject([{ every: 120_000 }]);
    expect(state).toMatchObject({ paused: true, note: 'maintenance' });
  });
});
