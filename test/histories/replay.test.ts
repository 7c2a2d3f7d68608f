import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bundleWorkflowCode,
  DefaultLogger,
  makeTelemetryFilterString,
  Runtime,
  Worker,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { workflowBundle } from '../../src/temporal/workflowBundle';
import { stories } from './stories';

const recorded = readdirSync(__dirname)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({ workflowId: file.replace('.json', ''), history: JSON.parse(readFileSync(join(__dirname, file), 'utf8')) }));

beforeAll(() => {
  const filter = makeTelemetryFilterString({ core: 'ERROR' });
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter } } });
});

/** @returns the names of those that today's code does not repeat step by step */
async function notReplayed(bundle: WorkflowBundleOption): Promise<string[]> {
  const broken: string[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: bundle }, recorded))
    if (error) broken.push(workflowId);
  return broken;
}

test('every recorded history replays: a deploy breaks no running workflow', async () => {
  expect(recorded.map(({ workflowId }) => workflowId).toSorted()).toEqual(expect.arrayContaining(Object.keys(stories).toSorted()));
  expect(await notReplayed(await workflowBundle())).toEqual([]);
});

test('and a changed workflow is noticed', async () => {
  const changed = await bundleWorkflowCode({ workflowsPath: require.resolve('./changed'), logger: new DefaultLogger('ERROR') });
  const connections = Object.keys(stories).filter((name) => name.startsWith('connection-'));
  expect((await notReplayed(changed)).toSorted()).toEqual(connections.toSorted());
});
