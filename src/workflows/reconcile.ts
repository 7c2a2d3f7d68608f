import { ActivityFailure, ApplicationFailure, proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { ReconcileActivities } from '../activities/reconcile';

const repair = proxyActivities<ReconcileActivities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { maximumAttempts: 2, initialInterval: '1 second' },
});

/** In this order what one part repairs is there for the next: a workflow for a consent, a message for news, a delivery for a message. */
const PARTS = [
  'settleUsers',
  'settleLinkSessions',
  'endIngestion',
  'restartOverdue',
  'publishLeft',
  'dispatchLeft',
  'wakeBacklogs',
  'purgeExpired',
] as const;

/**
 * One round of repair; a Temporal Schedule runs it every minute. A part that fails leaves the others their turn, and is named at the end.
 * @returns how much each part has repaired
 */
export async function reconcile(): Promise<Record<string, number>> {
  const repaired: Record<string, number> = {};
  const failed: string[] = [];
  for (const part of PARTS) {
    setCurrentDetails(`now: ${part}`);
    try {
      repaired[part] = await repair[part]();
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      failed.push(part);
    }
  }
  if (failed.length === 0) return repaired;
  throw ApplicationFailure.nonRetryable(`not repaired this time: ${failed.join(', ')}`, 'ReconcileFailed', [repaired]);
}
