import { createRoute, z } from '@hono/zod-openapi';
import { DEXCOM_SLUG } from '../../../connect/connectServices';
import type { BulkOperationDoc } from '../../../storage/bulkOperations';
import type { Api } from '../../app';
import { json, wholeNumber } from '../../contract';
import { readErrors } from '../../errors';
import { instant } from '../../instant';
import { pageOf } from '../../pageOf';
import { withTeamKey } from '../../security/teamKey';
import { usersWith } from './run';
import { BulkOperation } from './schemas';

const route = createRoute({
  method: 'get',
  path: '/v2/link/bulk_op',
  operationId: 'listBulkOperations',
  tags: ['Link'],
  summary: 'The team’s bulk operations, newest first',
  ...withTeamKey('users:read'),
  request: {
    query: z.object({ next_cursor: z.string().optional(), page_size: wholeNumber(1, 50).default(10) }),
  },
  responses: {
    200: json(z.object({ data: z.array(BulkOperation), next_cursor: z.string().nullable() }).openapi('BulkOperations'), 'One page'),
    ...readErrors,
  },
});

/** vital-api.md §3.6 */
export const registerListBulkOperations = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { bulkOperations, bulkCursors } = c.var.services;
    const { next_cursor: cursor, page_size: limit } = c.req.valid('query');
    const page = await pageOf(
      bulkCursors,
      { next_cursor: cursor, limit },
      {
        read: (after, most) => bulkOperations.page(c.var.key.teamId, after, most),
        positionOf: ({ startedAt, _id }: BulkOperationDoc) => ({ startedAt, _id }),
      },
    );
    return c.json({ data: page.items.map(shown), next_cursor: page.next_cursor }, 200);
  });

function shown(operation: BulkOperationDoc): z.infer<typeof BulkOperation> {
  const { _id, type, startedAt, endedAt, items } = operation;
  const pending = items.filter(({ result }) => result === null).length;
  const failed = usersWith(operation, 'failed');
  const nothingDone = items.length > 0 && items.every(({ result }) => result === 'failed');
  return {
    id: _id,
    type,
    status: endedAt === null ? 'in_progress' : nothingDone ? 'failure' : 'success',
    provider: DEXCOM_SLUG,
    pending,
    processed: items.length - pending,
    started_at: instant(startedAt),
    ended_at: endedAt === null ? null : instant(endedAt),
    user_ids_failed: failed,
  };
}
