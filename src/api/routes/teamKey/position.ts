import { z } from '@hono/zod-openapi';
import type { Cursors } from '../../../security/cursors';
import type { ApiKeyPosition } from '../../../storage/apiKeys';

export type KeyCursors = Cursors<ApiKeyPosition>;

export const KeyPositionShape: z.ZodType<ApiKeyPosition> = z.object({ createdAt: z.number(), keyId: z.string() });

export const keyPosition = ({ createdAt, keyId }: ApiKeyPosition): ApiKeyPosition => ({ createdAt, keyId });
