import { serverOutage } from './serverOutage';

/** SIGKILL to all processes of the database server. */
export const database = serverOutage('database killed', (servers) => servers.database);
