export { deliverBacklog } from './deliverBacklog';
export { syncConnection } from './syncConnection';
