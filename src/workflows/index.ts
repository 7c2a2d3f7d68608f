export { deliverBacklog } from './deliverBacklog';
export { reconcile } from './reconcile';
export { syncConnection } from './syncConnection';
