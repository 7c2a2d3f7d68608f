export { syncConnection } from './syncConnection';
