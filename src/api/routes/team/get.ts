import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { Id, json } from '../../contract';
import { notFound, readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { OrgTeam } from '../orgTeam/schemas';

const DELEGATED_FLOW = 'order_and_results_with_customer_physician_network' as const;

const TeamConfiguration = z.object({
  push_historical_data: z.boolean(),
  reject_duplicate_connection: z.boolean(),
  provider_raw_data: z.literal(false),
  partial_webhooks_enabled: z.literal(false),
  minor_ordering_enabled: z.literal(false),
  event_type_prefixes: z.array(z.string()).nullable(),
  libreview: z.object({ practice_id: z.object({}) }).openapi({ description: 'Of another provider; the official clients insist on it' }),
});

const Team = z
  .object({
    id: Id,
    org_id: OrgTeam.shape.org_id,
    name: OrgTeam.shape.name,
    logo_url: z.string().nullable(),
    configuration: TeamConfiguration,
    api_keys: z.array(z.string()).max(0).openapi({ description: 'Always empty: a key is shown once, when it is made', example: [] }),
    testkits_texts_enabled: z.literal(false),
    lab_tests_patient_communication_enabled: z.literal(false),
    lab_tests_patient_sms_communication_enabled: z.literal(false),
    lab_tests_patient_email_communication_enabled: z.literal(false),
    delegated_flow: z.literal(DELEGATED_FLOW).openapi({ description: 'Of laboratory tests, which there are none of' }),
  })
  .openapi('Team');

const route = createRoute({
  method: 'get',
  path: '/v2/team/{team_id}',
  operationId: 'getTeam',
  tags: ['Teams'],
  summary: 'The team whose key this is',
  ...withTeamKey('users:read'),
  request: { params: z.object({ team_id: Id }) },
  responses: { 200: json(Team, 'The team, without keys and secrets'), ...readErrors },
});

/** vital-api.md §1.3 */
export const registerGetTeam = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { team_id: asked } = c.req.valid('param');
    const team = asked === c.var.key.teamId ? await c.var.services.teams.byId(asked) : null;
    if (!team) throw notFound();
    return c.json(
      {
        id: team._id,
        org_id: team.orgId,
        name: team.name,
        logo_url: team.logoUrl,
        configuration: {
          push_historical_data: team.pushHistoricalData,
          reject_duplicate_connection: team.rejectDuplicateConnection,
          provider_raw_data: false as const,
          partial_webhooks_enabled: false as const,
          minor_ordering_enabled: false as const,
          event_type_prefixes: null,
          libreview: { practice_id: {} },
        },
        api_keys: [],
        testkits_texts_enabled: false as const,
        lab_tests_patient_communication_enabled: false as const,
        lab_tests_patient_sms_communication_enabled: false as const,
        lab_tests_patient_email_communication_enabled: false as const,
        delegated_flow: DELEGATED_FLOW,
      },
      200,
    );
  });
