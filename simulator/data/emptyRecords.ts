import type { Context } from 'hono';
import type { SimulatorEnv } from '../env';
import { envelope, type RecordType } from './envelope';
import { refuse } from './refusal';
import { readWindow } from './window';

/** Records that this simulator's people do not make yet: the window is checked, the list is empty (dexcom-api.md §2.1.7). */
export const answerNone = (recordType: RecordType) => (c: Context<SimulatorEnv>) => {
  const { world, origin, grant } = c.var;
  const { clientId } = grant;
  const { settings } = world.state;
  const window = readWindow(c.req.query(), settings);
  if (typeof window === 'string') return refuse(c, 400, window);
  return c.json({ ...envelope(recordType, { settings, clientId, origin }), records: [] });
};
