export { bulkOperation } from './bulkOperation';
export { deliverBacklog } from './deliverBacklog';
export { eraseUser } from './eraseUser';
export { reconcile } from './reconcile';
export { replayEvents } from './replayEvents';
export { syncConnection } from './syncConnection';
