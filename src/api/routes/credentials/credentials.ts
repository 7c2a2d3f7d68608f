import { createHash } from 'node:crypto';
import type { z } from '@hono/zod-openapi';
import { DEXCOM_SLUG } from '../../../connect/connectServices';
import type { OwnCredentials } from '../../../storage/dexcomCredentials';
import { instant } from '../../instant';
import type { Credentials } from './schemas';

/** What a team brought along, as whoever manages it sees it: the secret is told apart, never shown. */
export const credentials = (teamId: string, own: OwnCredentials): z.infer<typeof Credentials> => ({
  id: own.credentialsId,
  client_id: own.clientId,
  client_secret_hash: createHash('sha256').update(own.clientSecret).digest('hex'),
  source: DEXCOM_SLUG,
  team_id: teamId,
  created_at: instant(own.createdAt),
  updated_at: instant(own.updatedAt),
  details: null,
  app_url: null,
  redirect_url_override: own.redirectUri,
});
