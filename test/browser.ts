import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = process.env.CHROMIUM ?? PLACES.find((path) => existsSync(path));

/** A headless browser that talks to this machine only; null, and a line that says so, where there is none. */
export async function openBrowser(): Promise<Browser | null> {
  if (executablePath === undefined) {
    process.stdout.write('browser tests are skipped: no Chromium here (apt-get install chromium, or CHROMIUM=path)\n');
    return null;
  }
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
