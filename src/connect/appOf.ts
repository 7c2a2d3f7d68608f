import type { ConnectionDoc } from '../storage/connectionDoc';

/** Names the Dexcom app a connection was made by; one from before that was kept has a name of its own. */
export const appOf = ({ region, clientId }: Pick<ConnectionDoc, 'region' | 'clientId'>): string => JSON.stringify([region, clientId]);
