import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where a Chromium lies; undefined: nowhere. */
export const browserPath = process.env.CHROMIUM ?? PLACES.find((path) => existsSync(path));

/** A headless browser that talks to this machine only. */
export async function openBrowser(): Promise<Browser> {
  if (browserPath === undefined) throw new Error('no Chromium here (apt-get install chromium, or CHROMIUM=path)');
  return chromium.launch({
    executablePath: browserPath,
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
