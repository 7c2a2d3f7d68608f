import { z } from '@hono/zod-openapi';
import { teamScopes } from '../../../storage/apiKeys';
import { Id, Instant } from '../../contract';
import { OrgParams } from '../orgTeam/schemas';

/** Where the keys of an organisation's teams stand (vital-api.md §1.3). */
export const TEAM_KEYS = '/v1/org/{org_id}/team_api_keys/{env}/{region}';

/** An engine has one set of teams: every environment and region names it, so that no list hides a key. */
export const PlaceParams = OrgParams.extend({ env: z.enum(['production', 'sandbox']), region: z.enum(['us', 'eu', 'jp']) });

/** One id, or the parameter repeated. */
export const Ids = z.union([Id.transform((id) => [id]), z.array(Id)], { error: 'Not the id of a team, nor several' });

export const Label = z.string().trim().max(200).openapi({ example: 'nightly export' });

export const ExpiresAt = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .refine((at) => at > Date.now(), 'Is over already')
  .nullish()
  .openapi({ description: 'Opens nothing from then on; null: never expires', example: '2027-01-31T00:00:00Z' });

const Scopes = z.array(z.enum(teamScopes)).min(1);

export const TeamKeyCreateBody = z
  .object({
    label: Label,
    team_id: Id,
    scopes: Scopes.nullish().openapi({
      description: 'What it opens; otherwise all but `connections:transfer`',
      example: ['users:read', 'glucose:read'],
    }),
    expires_at: ExpiresAt,
  })
  .openapi('TeamApiKeyCreateBody');

export const TeamKey = z
  .object({
    id: Id,
    label: Label,
    value: z.string().openapi({
      description: 'The key in the answer that made it; afterwards only its last four characters',
      example: 'sk_continuo_…a1B2',
    }),
    team_id: Id,
    created_at: Instant,
    scopes: Scopes,
    expires_at: Instant.nullable(),
    last_used_at: Instant.nullable().openapi({ description: 'To five minutes' }),
  })
  .openapi('TeamApiKey');

export type TeamKey = z.infer<typeof TeamKey>;

export const Removed = z.object({ success: z.array(Id), failure: z.array(Id), not_found: z.array(Id) }).openapi('Removed');
