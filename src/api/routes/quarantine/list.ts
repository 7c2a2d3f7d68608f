import { createRoute, z } from '@hono/zod-openapi';
import type { QuarantineDoc } from '../../../storage/quarantine';
import type { Api } from '../../app';
import { Id, Instant, json } from '../../contract';
import { notFound, readErrors } from '../../errors';
import { instant } from '../../instant';
import { PageQuery, pageOf } from '../../pageOf';
import { withTeamKey } from '../../security/teamKey';

const QuarantinedRecord = z
  .object({
    id: z.string().openapi({ example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' }),
    record_type: z.enum(['egv', 'event']),
    reason: z.string().openapi({ description: 'Names the field, and holds no value', example: 'systemTime cannot be read' }),
    raw: z.string().openapi({ description: 'The record as Dexcom sent it, JSON', example: '{"recordId":"…","systemTime":"yesterday"}' }),
    seen_at: Instant.openapi({ description: 'When it came for the first time' }),
  })
  .openapi('QuarantinedRecord');

const NotKept = z.int().openapi({
  description: 'And so many more: how often records came that were not kept, their day having 576 of this connection already',
  example: 0,
});

const route = createRoute({
  method: 'get',
  path: '/v2/introspect/quarantine/{connection_id}',
  operationId: 'listQuarantinedRecords',
  tags: ['Introspection'],
  summary: 'What Dexcom sent of a connection that could not be read, latest first',
  ...withTeamKey('glucose:read'),
  request: { params: z.object({ connection_id: Id }), query: PageQuery },
  responses: {
    200: json(
      z.object({ data: z.array(QuarantinedRecord), next_cursor: z.string().nullable(), not_kept: NotKept }).openapi('QuarantinedRecords'),
      'One page; the connection may have ended',
    ),
    ...readErrors,
  },
});

/** Ours: Vital has no way to see these. Raw records hold values and times, so it takes the scope that readings take. */
export const registerListQuarantinedRecords = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { connections, users, quarantine, quarantineCursors } = c.var.services;
    const { teamId } = c.var.key;
    const { connection_id } = c.req.valid('param');
    const connection = await connections.byId(teamId, connection_id);
    // Of a user who was deleted nothing is shown any more.
    if (!connection || !(await users.byId(teamId, connection.userId))) throw notFound();

    const page = await pageOf(quarantineCursors, c.req.valid('query'), {
      read: (after, most) => quarantine.page(teamId, connection_id, after, most),
      positionOf: ({ seenAt, _id }: QuarantineDoc) => ({ seenAt, _id }),
    });
    const notKept = await quarantine.notKept(teamId, connection_id);
    return c.json({ data: page.items.map(shown), next_cursor: page.next_cursor, not_kept: notKept }, 200);
  });

const shown = ({ _id, recordType, reason, raw, seenAt }: QuarantineDoc): z.infer<typeof QuarantinedRecord> => ({
  id: _id,
  record_type: recordType,
  reason,
  raw,
  seen_at: instant(seenAt),
});
