import { bound, quick, Script } from './script';
import { openStage, type Stage, until } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ maxCachedWorkflows: 10 });
});
afterAll(() => stage?.close());

test('two hundred polls over eight runs: each run as long as the others, and no state grows', async () => {
  const script = new Script();
  script.pollEveryMs = 1;
  script.onPull = async () => ({ created: 1, messages: 1 });
  await stage.play(bound(script), async () => {
    const connection = stage.newConnection();
    const handle = stage.handle(connection.connectionId);
    await stage.workflows({ ...quick, pollsPerRun: 25 }).ensureRunning(connection);
    const first = (await handle.describe()).runId;
    for (const polls of [50, 100, 150, 201]) await until(`${polls} polls`, () => script.pulls.length >= polls);

    const runs: EndedRun[] = [];
    for (let next = first; runs.length < 8; next = runs.at(-1)?.next ?? never()) runs.push(await endedRun(handle.workflowId, next));
    const sizes = runs.map(({ stateBytes }) => stateBytes);
    expect(Math.max(...sizes)).toBeLessThan(1_024);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(32);
    const lengths = runs.map(({ events }) => events);
    // 12 events a poll, and what a run begins with; a message of the server's or a task that was lost may come to it.
    expect(Math.max(...lengths)).toBeLessThan(25 * 12 + 40);
  });
});

interface EndedRun {
  readonly events: number;
  /** Of what it handed on. */
  readonly stateBytes: number;
  readonly next: string;
}

async function endedRun(workflowId: string, runId: string): Promise<EndedRun> {
  const { events } = await stage.client.workflow.getHandle(workflowId, runId).fetchHistory();
  const { input, newExecutionRunId } = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes ?? never();
  const { state } = JSON.parse(Buffer.from(input?.payloads?.[0]?.data ?? never()).toString());
  return { events: events?.length ?? 0, stateBytes: JSON.stringify(state).length, next: newExecutionRunId ?? never() };
}

function never(): never {
  throw new Error('missing');
}
