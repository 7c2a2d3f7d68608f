import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { BulkItem, BulkOperationDoc, BulkOperationType } from '../../../storage/bulkOperations';
import type { Services } from '../../services';

/** vital-api.md §3.6 */
const WAIT_MS = 20_000;
const LOOK_AGAIN_MS = 250;

interface Wish {
  readonly teamId: string;
  readonly type: BulkOperationType;
  readonly items: readonly BulkItem[];
  readonly wait: boolean;
}

/**
 * Begins a bulk operation; from here on it is done whoever dies.
 * @returns the operation as ended, null if it goes on
 * @throws TemporalUnavailable once it is written: it will be done, within minutes
 */
export async function runBulk(
  { bulkOperations, bulkRuns }: Pick<Services, 'bulkOperations' | 'bulkRuns'>,
  { teamId, type, items, wait }: Wish,
): Promise<BulkOperationDoc | null> {
  const operationId = randomUUID();
  const giveUpAt = Date.now() + WAIT_MS;
  await bulkOperations.insert({ _id: operationId, teamId, type, startedAt: Date.now(), endedAt: null, items });
  await bulkRuns.ensureRunning({ operationId, teamId });

  while (wait && Date.now() < giveUpAt) {
    const found = await bulkOperations.load(operationId);
    if (found?.endedAt) return found;
    await delay(LOOK_AGAIN_MS);
  }
  return null;
}

/** Each user once, whose items came to `result`; without those who were erased. */
export const usersWith = ({ items }: BulkOperationDoc, result: BulkItem['result']): string[] => [
  ...new Set(items.filter((item) => item.result === result).flatMap(({ userId }) => userId ?? [])),
];
