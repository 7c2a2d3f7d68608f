import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';

/** `npm run build`, second half: the workflows as one file, so that a worker starts without bundling and every one runs the same code. */
async function bundle(): Promise<void> {
  const { code } = await bundleWorkflowCode({ workflowsPath: resolve('dist/src/workflows/index.js') });
  writeFileSync('dist/workflows.bundle.js', code);
}

void bundle().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
