import { z } from 'zod';
import type { Cursors } from '../../../security/cursors';
import type { BulkOperationPosition } from '../../../storage/bulkOperations';
import type { UserPosition } from '../../../storage/users';

export const BulkPositionShape = z.object({ startedAt: z.int(), _id: z.string() });
export const ExportPositionShape = z.object({ createdAt: z.int(), _id: z.string() });

/** Cursors of the list of bulk operations, and of an export, which goes user by user. */
export type BulkCursors = Cursors<BulkOperationPosition>;
export type ExportCursors = Cursors<UserPosition>;
