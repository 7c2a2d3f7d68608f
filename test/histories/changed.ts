import { sleep } from '@temporalio/workflow';
import { syncConnection as asItIs } from '../../src/workflows/syncConnection';
import type { SyncInput } from '../../src/workflows/syncState';

export { deliverBacklog, eraseUser, reconcile, replayEvents } from '../../src/workflows';

/** A change nobody should make without `patched`: one more timer before everything else. */
export async function syncConnection(input: SyncInput): Promise<void> {
  await sleep(1);
  await asItIs(input);
}
