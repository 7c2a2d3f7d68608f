import { join } from 'node:path';
import { openBrowser } from './browser';

const IMAGES = join(__dirname, '..', 'docs', 'images');
const SETTLED_MS = 5_000;

/**
 * Takes the README's pictures of a running start: `npm run screenshot -- <address of a user's workflow in the Temporal UI>`.
 * Needs a Chromium (`apt-get install chromium`, or CHROMIUM=path).
 */
async function main(workflowUrl: string): Promise<void> {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.goto(workflowUrl);
    await page.waitForTimeout(SETTLED_MS);
    await page.getByText('User Metadata').first().click();
    await page.waitForTimeout(SETTLED_MS);
    await page.screenshot({ path: join(IMAGES, 'temporal-ui-details.png') });

    await page.getByText('Timeline').first().click();
    await page.waitForTimeout(SETTLED_MS);
    await page.mouse.wheel(0, 620);
    await page.waitForTimeout(SETTLED_MS);
    await page.screenshot({ path: join(IMAGES, 'temporal-ui-timeline.png') });
  } finally {
    await browser.close();
  }
}

const [url] = process.argv.slice(2);
if (url === undefined) {
  console.error('usage: npm run screenshot -- <address of a workflow in the Temporal UI>');
  process.exitCode = 1;
} else {
  main(url).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
