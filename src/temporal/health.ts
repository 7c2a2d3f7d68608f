import type { Client } from '@temporalio/client';

const ANSWER_WITHIN_MS = 2_000;

/** @throws if Temporal does not answer. */
export async function pingTemporal(client: Client): Promise<void> {
  await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () => client.workflowService.getSystemInfo({}));
}
