import { z } from '@hono/zod-openapi';
import type { Cursors } from '../../../security/cursors';
import type { QuarantinePosition } from '../../../storage/quarantine';

export const QuarantinePositionShape: z.ZodType<QuarantinePosition> = z.object({ seenAt: z.number(), _id: z.string() });

/** Cursors of the list of one connection: those of another open nothing of it, since the query names whose it is. */
export type QuarantineCursors = Cursors<QuarantinePosition>;
