import { z } from '@hono/zod-openapi';
import { isRedirectUrl } from '../../../connect/redirects';
import { Id, Instant } from '../../contract';

/** Where an organisation's teams stand (vital-api.md §1.3). */
export const TEAMS = '/v1/org/{org_id}/team';

export const OrgParams = z.object({ org_id: z.string().openapi({ example: 'acme' }) });
export const OrgTeamParams = OrgParams.extend({ team_id: Id });

const MOST_REDIRECT_URLS = 50;

const Name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine((name) => !/\p{Cc}/u.test(name), 'Has control characters')
  .openapi({ example: 'Acme Health' });

const Brand = z
  .looseObject({ company_name: z.string().max(200).optional() })
  .refine((brand) => JSON.stringify(brand).length <= 4_000, 'Too long');

const Environment = z
  .object({
    reject_duplicate_connection: z.boolean().nullable(),
    brand_information: Brand.nullable(),
    logo_url: z
      .url({ protocol: /^https?$/ })
      .max(2_083)
      .nullable(),
    lab_tests_patient_sms_communication_enabled: z.boolean().nullable().openapi({ description: 'Taken and ignored' }),
    lab_tests_patient_email_communication_enabled: z.boolean().nullable().openapi({ description: 'Taken and ignored' }),
    sdk_per_device_activity_timeseries: z.boolean().nullable().openapi({ description: 'Taken and ignored' }),
  })
  .partial();

const Settings = Environment.extend({
  push_historical_data: z.boolean().openapi({ description: 'Sends what a backfill brings as `daily.data.glucose.*` too' }),
  integration_team_id: z
    .string()
    .min(1)
    .max(255)
    .nullable()
    .openapi({ description: 'Your own name for the team, unique in the organisation' }),
  redirect_urls: z
    .array(z.string().max(2_083).refine(isRedirectUrl, 'Not an absolute URL without user, query and fragment'))
    .max(MOST_REDIRECT_URLS)
    .openapi({
      description: 'Where links may send a browser back to, with all below each; replaces the list',
      example: ['https://app.example/connected'],
    }),
}).partial();

export const TeamCreateBody = z
  .strictObject({
    ...Settings.shape,
    name: Name,
    region: z.enum(['us', 'eu']).default('us').openapi({ description: 'Kept and told; an engine reaches all of Dexcom’s' }),
  })
  .openapi('TeamCreateBody');

export const TeamChangeBody = z
  .strictObject({
    ...Settings.shape,
    name: Name.nullable().optional(),
    production: Environment.nullable().optional(),
    sandbox: Environment.nullable()
      .optional()
      .openapi({ description: 'One engine has one set of settings: as `production`, which goes before it' }),
  })
  .openapi('TeamChangeBody');

export type TeamSettings = z.infer<typeof Settings>;

const ShownEnvironment = z.object({
  reject_duplicate_connection: z.boolean(),
  brand_information: z.looseObject({}).nullable(),
  logo_url: z.string().nullable(),
});

export const OrgTeam = ShownEnvironment.extend({
  id: Id,
  org_id: OrgParams.shape.org_id,
  name: Name,
  region: z.enum(['us', 'eu']),
  created_on: Instant,
  updated_on: Instant,
  environments: z.array(z.enum(['production', 'sandbox'])),
  production: ShownEnvironment,
  sandbox: ShownEnvironment,
  integration_team_id: z.string().nullable(),
  push_historical_data: z.boolean(),
  redirect_urls: z.array(z.string()).openapi({ example: ['https://app.example/connected'] }),
}).openapi('OrgTeam');

export type OrgTeam = z.infer<typeof OrgTeam>;
