import { stopSuiteServers } from './suiteServers';

export default stopSuiteServers;
