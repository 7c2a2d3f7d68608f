import { z } from '@hono/zod-openapi';
import { DEXCOM_SOURCE_ID, dexcomProvider } from '../../../webhooks/provider';
import { SIBLINGS } from '../timeseries/siblingSamples';

export const Provider = z
  .object({
    name: z.string().openapi({ example: dexcomProvider.name }),
    slug: z.string().openapi({ example: dexcomProvider.slug }),
    logo: z.string().openapi({ example: dexcomProvider.logo }),
  })
  .openapi('Provider');

/** As Vital sorts providers: neither an app, a laboratory nor a clinic (vital-api.md §3.3). */
export const SOURCE_TYPE = 'device';

const description = 'Continuous glucose monitors by Dexcom: G6, G7, ONE and ONE+';
const Description = z.string().openapi({ example: description });

/** A provider an app can offer (vital-api.md §3.3). */
export const OfferedProvider = Provider.extend({
  description: Description,
  auth_type: z.literal('oauth'),
  supported_resources: z.array(z.string().openapi({ example: 'glucose' })),
}).openapi('OfferedProvider');

/** What can be read of who is connected; that webhooks tell of readings only says docs/webhooks.md. */
export const offeredDexcom = (): z.infer<typeof OfferedProvider> => ({
  ...dexcomProvider,
  description,
  auth_type: 'oauth',
  supported_resources: ['glucose', ...Object.keys(SIBLINGS)],
});

/** A provider a person can connect. `oauth_url` leads to its sign-in. */
export const Source = Provider.extend({
  id: z.int(),
  description: Description,
  group: z.string().nullable(),
  oauth_url: z.string().nullable(),
  auth_type: z.literal('oauth'),
  source_type: z.literal(SOURCE_TYPE),
  is_active: z.boolean(),
  backfill_num_days: z.int().nullable().openapi({ description: 'Null: all that the provider offers' }),
  form_components: z.record(z.string(), z.unknown()).openapi({ example: {} }),
}).openapi('Source');

export const dexcomSource = (oauthUrl: string | null): z.infer<typeof Source> => ({
  ...dexcomProvider,
  id: DEXCOM_SOURCE_ID,
  description,
  group: null,
  oauth_url: oauthUrl,
  auth_type: 'oauth',
  source_type: SOURCE_TYPE,
  is_active: true,
  backfill_num_days: null,
  form_components: {},
});
