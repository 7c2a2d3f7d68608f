import { type ConnectParts, createConnectServices } from '../connect/createConnectServices';
import { createCursors } from '../security/cursors';
import { ApiKeys } from '../storage/apiKeys';
import { GlucoseDays } from '../storage/glucoseDays';
import { Teams } from '../storage/teams';
import { GlucosePosition } from './routes/glucose/position';
import { UserPositionShape } from './routes/introspect/position';
import type { Services } from './services';

/** Everything the routes use, over one database and one Temporal. Opens nothing. */
export const createServices = (parts: ConnectParts & Pick<Services, 'ready'>): Services => ({
  ...createConnectServices(parts),
  ready: parts.ready,
  teams: new Teams(parts.db),
  apiKeys: new ApiKeys(parts.db),
  glucoseDays: new GlucoseDays(parts.db),
  glucoseCursors: createCursors(parts.keyring, 'glucose', GlucosePosition),
  userCursors: createCursors(parts.keyring, 'introspect', UserPositionShape),
});
