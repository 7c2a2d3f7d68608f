import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';

/** Written by `npm run build`; beside the compiled `src`. */
const BUILT = join(__dirname, '../../workflows.bundle.js');

/** The workflows' code for `Worker.create`: the built one, or made now (seconds) when running from source. */
export async function workflowBundle(): Promise<WorkflowBundleOption> {
  if (existsSync(BUILT)) return { codePath: BUILT };
  return bundleWorkflowCode({ workflowsPath: require.resolve('../workflows') });
}
