import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = process.env.CHROMIUM ?? PLACES.find((path) => existsSync(path));

/** Known before the tests are named, so that those that need one are counted as skipped where there is none. */
export const hasBrowser = executablePath !== undefined;
if (!hasBrowser) process.stdout.write('browser tests are skipped: no Chromium here (apt-get install chromium, or CHROMIUM=path)\n');

/** A headless browser that talks to this machine only. */
export async function openBrowser(): Promise<Browser> {
  if (executablePath === undefined) throw new Error('no Chromium here');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
