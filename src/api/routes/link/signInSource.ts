import type { z } from '@hono/zod-openapi';
import type { FoundLink } from '../../../connect/findLinkSession';
import { regionsFor, signInUrl } from '../../../connect/signInUrl';
import type { ApiEnv } from '../../app';
import { regionNotOffered } from '../../errors';
import { dexcomSource, type Source } from '../provider/schemas';

/**
 * Dexcom with the address of its sign-in, for an app's own page (vital-api.md §3.3).
 * @throws ApiError 400: the region the link was made for is not offered any more
 */
export async function signInSource(services: ApiEnv['Variables']['services'], link: FoundLink): Promise<z.infer<typeof Source>> {
  const regions = await regionsFor(services, link.session);
  if (regions.length === 0) throw regionNotOffered();
  return dexcomSource(await signInUrl(services, link, { region: null, opener: null }));
}
