import { createRoute, z } from '@hono/zod-openapi';
import { redirectUriOf } from '../../../connect/connectServices';
import type { Api } from '../../app';
import { body, json } from '../../contract';
import { readErrors } from '../../errors';
import { managedTeam, withManagementKey } from '../../security/managementKey';
import { CredentialsParams, PREPARE_CREDENTIALS, PrepareBody } from './schemas';

const Step = z.object({
  type: z.literal('redirect_uri'),
  key: z.null(),
  value: z.string().openapi({ example: 'https://continuo.example/v2/link/connect/dexcom_v3' }),
  description: z.string().openapi({ example: 'Add this redirect URI to the app' }),
});

const Prepared = z
  .object({ status: z.enum(['no_action_needed', 'preparations_required']), preparation_steps: z.array(Step) })
  .openapi('CredentialsPreparation');

const route = createRoute({
  method: 'post',
  path: PREPARE_CREDENTIALS,
  operationId: 'prepareCustomCredentials',
  tags: ['Management'],
  summary: 'What to set up at Dexcom before bringing an app along',
  ...withManagementKey(),
  request: { params: CredentialsParams, body: body(PrepareBody) },
  responses: { 200: json(Prepared, 'The steps'), ...readErrors },
});

/** vital-api.md §1.3 */
export const registerPrepareCredentials = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    await managedTeam(c, c.req.valid('json').team_id);
    const step = {
      type: 'redirect_uri' as const,
      key: null,
      value: redirectUriOf(c.var.services, { redirectUri: null }),
      description: 'Add this redirect URI to the app at developer.dexcom.com, character by character.',
    };
    return c.json({ status: 'preparations_required' as const, preparation_steps: [step] }, 200);
  });
