import { z } from '@hono/zod-openapi';
import { DEXCOM_SLUG } from '../../../connect/connectServices';
import type { DexcomRegion } from '../../../dexcom/region';
import { Id, Instant } from '../../contract';
import { PlaceParams } from '../teamKey/schemas';

/** Dexcom apps that teams bring along (vital-api.md §1.3). */
export const CREDENTIALS = '/v1/org/{org_id}/team_custom_credentials/{env}/{region}';
export const PREPARE_CREDENTIALS = '/v1/org/{org_id}/prepare_team_custom_credentials/{env}/{region}';

/** `sandbox` with any region is Dexcom's sandbox, which has none; `simulator` is the address the operator gave. */
export const CredentialsParams = PlaceParams.extend({ region: z.enum(['us', 'eu', 'jp', 'simulator']) });

/** Which of Dexcom's servers a path means. */
export const dexcomRegionAt = ({ env, region }: z.infer<typeof CredentialsParams>): DexcomRegion =>
  env === 'sandbox' && region !== 'simulator' ? 'sandbox' : region;

const Text = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[\x21-\x7e]+$/, 'Has spaces or other characters that Dexcom’s have not')
  .openapi({ example: 'as-shown-at-developer.dexcom.com' });

export const PrepareBody = z.object({ team_id: Id, provider: z.literal(DEXCOM_SLUG) }).openapi('CredentialsPrepareBody');

export const CredentialsBody = PrepareBody.extend({
  client_id: Text,
  client_secret: Text.openapi({ description: 'Kept encrypted and never shown' }),
  redirect_url_override: z
    .url({ protocol: /^https?$/ })
    .max(2_083)
    .nullish()
    .openapi({ description: 'Registered with Dexcom for this app, and leads its callback here unchanged; otherwise this engine’s own' }),
  details: z.looseObject({}).nullish().openapi({ description: 'For compatibility; Dexcom needs none' }),
}).openapi('CredentialsBody');

export const Credentials = z
  .object({
    id: Id,
    client_id: Text,
    client_secret_hash: z.string().openapi({ description: 'SHA-256, hex', example: 'b94d27b9934d3e08…' }),
    source: z.literal(DEXCOM_SLUG),
    team_id: Id,
    created_at: Instant,
    updated_at: Instant,
    details: z.null(),
    app_url: z.null(),
    redirect_url_override: z.string().nullable(),
  })
  .openapi('Credentials');
