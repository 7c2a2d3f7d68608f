import { z } from '@hono/zod-openapi';
import { EVENT_TYPE } from '../../../feed/eventTypes';
import { isSecret } from '../../../webhooks/signature';
import { Id, Instant } from '../../contract';
import { Since } from './since';

/** Where a team's endpoints stand. An engine has one set of users: the environments are two lists of endpoints, and both hear of them. */
export const WEBHOOKS = '/v1/org/{org_id}/team/{team_id}/{environment}/webhook';

const Environment = z.enum(['production', 'sandbox']);

export const WebhooksParams = z.object({ org_id: z.string(), team_id: Id, environment: Environment });
export const WebhookParams = WebhooksParams.extend({ webhook_id: Id });

const Url = z.string().min(1).openapi({ description: 'https, and on the public internet', example: 'https://hooks.example.com/continuo' });
const Description = z.string().max(1_000).openapi({ example: 'the data pipeline' });
const RateLimit = z.int().min(1).max(10_000).nullable().openapi({ description: 'Posts per second, evenly spaced; null leaves it to us' });
export const FilterTypes = z
  .array(
    z
      .string()
      .max(128)
      .regex(new RegExp(`^${EVENT_TYPE}$`), 'Not an event type'),
  )
  .min(1)
  .max(100)
  .nullable()
  .openapi({
    description: 'Event types wanted, `daily.data.*` for all that begin so; null wants all',
    example: ['daily.data.*', 'provider.connection.error'],
  });
const MOST_USERS = 100;
const UserIds = z.array(Id).nullable();
const UserFilter = UserIds.refine(
  (ids) => ids === null || (ids.length > 0 && ids.length <= MOST_USERS),
  `Not 1 to ${MOST_USERS} users`,
).openapi({
  description: 'Only what is told of these; null wants everybody’s, and what is told of endpoints',
});
const Payload = z.enum(['full', 'thin']).openapi({
  description: '`thin`: ids, and a link under which a key with `events:read` gets the whole event',
  example: 'full',
});

export const Secret = z.string().refine(isSecret, 'Not `whsec_` and 24 to 64 bytes in base64').openapi({
  description: 'Your own, where endpoints are moved; we make one if there is none',
  example: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
});

export const WebhookCreateBody = z
  .object({
    url: Url,
    description: Description.default(''),
    rate_limit: RateLimit.default(null),
    disabled: z.boolean().default(false),
    filter_types: FilterTypes.default(null),
    user_ids: UserFilter.default(null),
    payload: Payload.default('full'),
    secret: Secret.nullish(),
  })
  .openapi('WebhookCreateBody');

export const WebhookChangeBody = z
  .object({
    url: Url,
    description: Description,
    rate_limit: RateLimit,
    disabled: z.boolean().openapi({ example: false }),
    filter_types: FilterTypes,
    user_ids: UserFilter,
    payload: Payload,
    catch_up_since: Since.openapi({
      description: 'With `disabled: false`: events since then that it wants and was not sent are delivered as well, oldest first',
    }),
  })
  .partial()
  .refine(({ catch_up_since, disabled }) => catch_up_since === undefined || disabled === false, {
    path: ['catch_up_since'],
    error: 'Only with `disabled: false`',
  })
  .openapi('WebhookChangeBody');

export const Webhook = z
  .object({
    id: Id,
    description: Description,
    rate_limit: z.int().nullable(),
    url: Url,
    disabled: z.boolean().openapi({ example: false }),
    filter_types: FilterTypes,
    user_ids: UserIds.openapi({ description: 'Empty once all of them are erased: it wants nothing then' }),
    payload: Payload,
    created_at: Instant,
    updated_at: Instant,
    disabled_reason: z.enum(['request', 'gone', 'failing']).nullable().openapi({
      description: 'Who has disabled it: its owner, a 410 that it answered, or five days in which it took nothing',
    }),
    disabled_at: Instant.nullable().openapi({ description: 'What was told since then it was not sent: `catch_up_since`' }),
    catching_up_since: Instant.nullable().openapi({ description: 'It is being sent what it was not since then' }),
    failing_since: Instant.nullable().openapi({ description: 'It has taken nothing since' }),
    state: z.enum(['healthy', 'failing']).openapi({ description: 'Failing: it did not take something, and what waits is delivered first' }),
  })
  .openapi('Webhook');

export type Webhook = z.infer<typeof Webhook>;

export const Webhooks = z.object({ data: z.array(Webhook), next_cursor: z.string().nullable() }).openapi('Webhooks');

export const WebhookSecret = z
  .object({
    key: z.string().openapi({ example: 'whsec_…' }),
    former: z.array(z.object({ signs_until: Instant })).openapi({ description: 'Secrets of before a rotation that sign beside it' }),
  })
  .openapi('WebhookSecret');
