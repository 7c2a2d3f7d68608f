import { continueAsNew, proxyActivities, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import type { BulkActivities } from '../activities/bulk';

const { workOnBulk } = proxyActivities<BulkActivities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '30 seconds',
  // Only servers that are away end here; they come back.
  retry: { initialInterval: '2 seconds', maximumInterval: '1 minute' },
});

/** What Dexcom cannot answer now is asked again after these waits, then failed. */
const WAITS_MS = [5_000, 30_000, 120_000, 600_000, 1_800_000];
const PARTS_PER_RUN = 500;

/** Works through one bulk operation, part by part; what became of each item stands in its document. */
export async function bulkOperation(input: { readonly operationId: string; readonly waits: number }): Promise<void> {
  let { waits } = input;
  for (let parts = 0; parts < PARTS_PER_RUN && !workflowInfo().continueAsNewSuggested; parts++) {
    const lastTry = waits >= WAITS_MS.length;
    const { total, pending, settled } = await workOnBulk({ operationId: input.operationId, lastTry });
    setCurrentDetails(`${total - pending} of ${total} done${settled === 0 && pending > 0 ? '; Dexcom does not answer, waiting' : ''}`);
    if (pending === 0) return;
    if (settled === 0) await sleep(WAITS_MS[waits++] ?? 0, { summary: `${pending} cannot be had now` });
  }
  await continueAsNew<typeof bulkOperation>({ ...input, waits });
}
