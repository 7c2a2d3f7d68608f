import { z } from '@hono/zod-openapi';
import { isSecret } from '../../../webhooks/signature';
import { Id, Instant } from '../../contract';

/** Where a team's endpoints stand. An engine has one set of users: the environments are two lists of endpoints, and both hear of them. */
export const WEBHOOKS = '/v1/org/{org_id}/team/{team_id}/{environment}/webhook';

const Environment = z.enum(['production', 'sandbox']);

export const WebhooksParams = z.object({ org_id: z.string(), team_id: Id, environment: Environment });
export const WebhookParams = WebhooksParams.extend({ webhook_id: Id });

const Url = z.string().min(1).openapi({ description: 'https, and on the public internet', example: 'https://hooks.example.com/continuo' });
const Description = z.string().max(1_000).openapi({ example: 'the data pipeline' });
const RateLimit = z.int().min(1).nullable().openapi({ description: 'Posts per second while a backlog is delivered; null leaves it to us' });
const FilterTypes = z
  .array(
    z
      .string()
      .max(128)
      .regex(/^\w+(\.\w+)*$/, 'Not an event type'),
  )
  .min(1)
  .nullable()
  .openapi({ description: 'Event types wanted; null wants all', example: ['daily.data.glucose.created'] });

export const WebhookCreateBody = z
  .object({
    url: Url,
    description: Description.default(''),
    rate_limit: RateLimit.default(null),
    disabled: z.boolean().default(false),
    filter_types: FilterTypes.default(null),
    secret: z
      .string()
      .refine(isSecret, 'Not `whsec_` and 24 to 64 bytes in base64')
      .nullish()
      .openapi({ description: 'Your own, where endpoints are moved; we make one if there is none' }),
  })
  .openapi('WebhookCreateBody');

export const WebhookChangeBody = z
  .object({ url: Url, description: Description, rate_limit: RateLimit, disabled: z.boolean(), filter_types: FilterTypes })
  .partial()
  .openapi('WebhookChangeBody');

export const Webhook = z
  .object({
    id: Id,
    description: Description,
    rate_limit: z.int().nullable(),
    url: Url,
    disabled: z.boolean().openapi({ example: false }),
    filter_types: FilterTypes,
    created_at: Instant,
    updated_at: Instant,
    disabled_reason: z.enum(['request', 'gone', 'failing']).nullable().openapi({
      description: 'Who has disabled it: its owner, a 410 that it answered, or five days in which it took nothing',
    }),
    failing_since: Instant.nullable().openapi({ description: 'It has taken nothing since' }),
    state: z.enum(['healthy', 'failing']).openapi({ description: 'Failing: it did not take something, and what waits is delivered first' }),
  })
  .openapi('Webhook');

export type Webhook = z.infer<typeof Webhook>;

export const Webhooks = z.object({ data: z.array(Webhook), next_cursor: z.string().nullable() }).openapi('Webhooks');

export const WebhookSecret = z.object({ key: z.string().openapi({ example: 'whsec_…' }) }).openapi('WebhookSecret');
