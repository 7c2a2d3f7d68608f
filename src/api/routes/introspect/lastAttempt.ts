import type { z } from '@hono/zod-openapi';
import { instant } from '../../instant';
import type { LastAttempt } from './schemas';

/** How the last try went, as far as is kept. @param failedAt null once one has succeeded since */
export function lastAttempt(failedAt: number | null, succeededAt: number | null): z.infer<typeof LastAttempt> {
  if (failedAt !== null) return { timestamp: instant(failedAt), status: 'failure' };
  return succeededAt === null ? null : { timestamp: instant(succeededAt), status: 'success' };
}
