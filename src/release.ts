import { version } from '../package.json';

/** This software's version, as package.json has it. */
export const RELEASE: string = version;
