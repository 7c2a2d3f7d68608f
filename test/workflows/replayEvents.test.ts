import type { ReplayActivities } from '../../src/activities/replays';
import { replayWorkflowId } from '../../src/temporal/replayNames';
import { createReplayRuns } from '../../src/temporal/replayRuns';
import { replayPolicy } from '../../src/workflows/replayPolicy';
import { openStage, type Stage } from './stage';

describe('the workflow of a replay', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  test('that is cancelled during the last part of a run is cancelled, and not gone on with by the next run', async () => {
    const operationId = `${stage.prefix}last-part`;
    const handle = stage.client.workflow.getHandle(replayWorkflowId(operationId));
    const runs = createReplayRuns(stage.client, { queuePrefix: stage.prefix, policy: { ...replayPolicy, partsPerRun: 1 } });
    let [parts, cancelled] = [0, 0];
    const activities: ReplayActivities = {
      async replayPart() {
        parts++;
        if (parts === 1) await handle.cancel();
        return { kind: parts === 1 ? 'more' : 'over', queuedNow: 0, queued: 0, lookedAt: 0, waiting: 0, outcome: null };
      },
      async cancelReplay() {
        cancelled++;
      },
    };
    await stage.play(activities, async () => {
      await runs.ensureRunning({ operationId, teamId: 'team', endpointId: 'endpoint' });
      await handle.result();
    });
    expect([parts, cancelled]).toEqual([1, 1]);
  });
});
