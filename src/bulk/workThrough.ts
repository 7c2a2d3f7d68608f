import type { BulkItem, BulkOperationDoc } from '../storage/bulkOperations';
import type { BulkServices } from './bulkServices';
import { settleImport } from './settleImport';
import { triggerOne } from './triggerOne';

/** After so many the results are kept: who dies in between leaves no more than these to be done again, and each may be. */
const ITEMS_AT_ONCE = 20;

export interface BulkProgress {
  readonly total: number;
  readonly pending: number;
  /** Settled by this call. */
  readonly settled: number;
}

/**
 * Does the next part of a bulk operation, and ends it when nothing is left. Repeatable at any point.
 * @param lastTry what cannot be had now is failed
 */
export async function workThrough(services: BulkServices, operationId: string, lastTry: boolean): Promise<BulkProgress> {
  const operation = await services.operations.load(operationId);
  if (!operation) return { total: 0, pending: 0, settled: 0 };

  const waiting = operation.items.flatMap((item, place) => (item.result === null ? [{ item, place }] : []));
  const results = new Map<number, 'done' | 'failed'>();
  for (const { item, place } of waiting.slice(0, ITEMS_AT_ONCE)) {
    const result = await workOn(services, operation, item, lastTry);
    if (result) results.set(place, result);
  }
  await services.operations.keepResults(operationId, results);
  const pending = waiting.length - results.size;
  if (pending === 0) await services.operations.end(operationId, Date.now());
  return { total: operation.items.length, pending, settled: results.size };
}

const workOn = (
  { connect }: BulkServices,
  operation: BulkOperationDoc,
  item: BulkItem,
  lastTry: boolean,
): Promise<'done' | 'failed' | null> =>
  operation.type === 'link_bulk_import' ? settleImport(connect, item, lastTry) : triggerOne(connect, operation, item);
