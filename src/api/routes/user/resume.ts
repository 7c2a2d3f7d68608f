import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { Id, json } from '../../contract';
import { writeErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { Success } from './schemas';
import { wish } from './wish';

const route = createRoute({
  method: 'post',
  path: '/v2/user/{user_id}/{provider}/resume',
  operationId: 'resumeProvider',
  tags: ['Users'],
  summary: 'Fetch again, what was missed too',
  description: 'Ours, not Vital’s. Safe to repeat.',
  ...withTeamKey('users:write'),
  request: { params: z.object({ user_id: Id, provider: z.string() }) },
  responses: { 200: json(Success, 'It is so'), ...writeErrors },
});

export const registerResumeProvider = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { user_id: userId, provider } = c.req.valid('param');
    await wish(c.var.services, { teamId: c.var.key.teamId, userId, provider }, 'running');
    return c.json({ success: true } as const, 200);
  });
