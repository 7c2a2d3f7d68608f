import { browserPath } from '../scripts/browser';

/** Known before the tests are named, so that those that need one are counted as skipped where there is none. */
export const hasBrowser = browserPath !== undefined;
if (!hasBrowser) process.stdout.write('browser tests are skipped: no Chromium here (apt-get install chromium, or CHROMIUM=path)\n');
