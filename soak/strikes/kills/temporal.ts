import { serverOutage } from './serverOutage';

/** SIGKILL to Temporal. */
export const temporal = serverOutage('Temporal killed', (servers) => servers.temporal);
