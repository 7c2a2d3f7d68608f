import type { ConnectServices } from '../connect/connectServices';
import type { BulkOperations } from '../storage/bulkOperations';
import type { BulkRuns } from '../temporal/bulkRuns';

/** What beginning bulk operations and working through them needs. */
export interface BulkServices {
  readonly connect: ConnectServices;
  readonly operations: BulkOperations;
  readonly runs: BulkRuns;
}
