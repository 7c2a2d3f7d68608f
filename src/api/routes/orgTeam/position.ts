import { z } from '@hono/zod-openapi';
import type { Cursors } from '../../../security/cursors';
import type { TeamPosition } from '../../../storage/teams';

export type TeamCursors = Cursors<TeamPosition>;

export const TeamPositionShape: z.ZodType<TeamPosition> = z.object({ createdAt: z.number(), _id: z.string() });

export const teamPosition = ({ createdAt, _id }: TeamPosition): TeamPosition => ({ createdAt, _id });
