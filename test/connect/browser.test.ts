import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type AppPage, serveAppPage } from '../../local/demo/appPage/serveAppPage';
import { freePort } from '../../local/processes/freePort';
import { openBrowser } from '../../scripts/browser';
import { hasBrowser } from '../browser';
import { type Simulator, startSimulator } from '../simulator';
import { type LinkWorld, openLinkWorld } from './linkWorld';

/** An app's page, Continuo's and Dexcom's, each of another origin, in a real browser. */
let world: LinkWorld;
let europe: Simulator;
let browser: Browser | null = null;
let page: AppPage;
let userId: string;
/** How the app's server asks for a link. */
let wanted: object;

beforeAll(async () => {
  if (hasBrowser) browser = await openBrowser();
  europe = await startSimulator({ people: 1, historyDays: 3 });
  world = await openLinkWorld({ elsewhere: { eu: europe } });
  page = await appPage();
  await world.db.collection<{ _id: string }>('teams').updateOne({ _id: world.app.teamId }, { $set: { redirectUrls: [page.url] } });
});
afterAll(async () => {
  await Promise.all([browser?.close(), page?.close(), world?.close(), europe?.stop()]);
});
beforeEach(async () => {
  userId = await world.app.newUser();
  wanted = { region: 'simulator' };
});

const appPage = async (): Promise<AppPage> =>
  serveAppPage({
    port: await freePort(),
    apiUrl: world.url,
    linkToken: async (redirectUrl) => (await world.begin(userId, { redirect_url: redirectUrl, ...wanted })).token,
  });

/** A test where there is a browser. What the pages complain of, a policy above all, fails it. */
const inBrowser = (title: string, act: (context: BrowserContext) => Promise<void>, options?: Parameters<Browser['newContext']>[0]) =>
  (hasBrowser ? test : test.skip)(title, async () => {
    if (!browser) throw new Error('the browser did not open');
    const complaints: string[] = [];
    const context = await browser.newContext(options);
    context.on('console', (message) => {
      // An end that is no success has a status that says so.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
    });
    context.on('weberror', (error) => complaints.push(error.error().message));
    await act(context);
    await context.close();
    expect(complaints).toEqual([]);
  });

async function clickConnect(context: BrowserContext, url = page.url): Promise<{ app: Page; popup: Page }> {
  const app = await context.newPage();
  await app.goto(url);
  const [popup] = await Promise.all([context.waitForEvent('page'), app.getByRole('button', { name: 'Connect Dexcom' }).click()]);
  return { app, popup };
}

const said = (app: Page, text: string): Promise<unknown> => app.getByRole('status').filter({ hasText: text }).waitFor();
const closed = (popup: Page): Promise<unknown> => (popup.isClosed() ? Promise.resolve() : popup.waitForEvent('close'));
const decide = (dexcom: Page, answer: 'Approve' | 'Refuse'): Promise<void> => dexcom.getByRole('button', { name: answer }).click();
const isConnected = async (): Promise<boolean> => (await world.services.connections.ofUser(world.app.teamId, userId)).length === 1;

describe('/link.js', () => {
  test('is a script of five kilobytes at most that needs no other', async () => {
    const response = await fetch(`${world.url}/link.js`);
    const script = await response.text();
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(Buffer.byteLength(script)).toBeLessThanOrEqual(5_000);
    expect(script).not.toMatch(/\bimport\b|\brequire\b|\bfetch\b|eval|https?:/);
  });

  inBrowser('connects in a pop-up, which closes itself, and tells the page', async (context) => {
    const { app, popup } = await clickConnect(context);
    await Promise.all([closed(popup), decide(popup, 'Approve')]);
    await said(app, 'Connected.');
    expect(app.url()).toBe(`${page.url}/`);
    expect(await isConnected()).toBe(true);
  });

  inBrowser('tells the page of a person who refuses, and of one who closes the window; the same link then connects', async (context) => {
    const { app, popup } = await clickConnect(context);
    await Promise.all([closed(popup), decide(popup, 'Refuse')]);
    await said(app, 'Not connected.');

    const [second] = await Promise.all([context.waitForEvent('page'), app.getByRole('button').click()]);
    await said(app, 'Connecting');
    await second.close();
    await said(app, 'Not connected.');

    const [third] = await Promise.all([context.waitForEvent('page'), app.getByRole('button').click()]);
    await Promise.all([closed(third), decide(third, 'Approve')]);
    await said(app, 'Connected.');
  });

  inBrowser('tells the page what went wrong, in words', async (context) => {
    const app = await context.newPage();
    await app.goto(page.url);
    await app.waitForLoadState('networkidle');
    await world.db.collection('link_sessions').updateMany({ userId }, { $set: { expiresAt: Date.now() } });
    await app.getByRole('button').click();
    await said(app, 'Not connected: This link has expired');
  });

  inBrowser('goes there itself where pop-ups are blocked, and comes back', async (context) => {
    const app = await context.newPage();
    await app.addInitScript('window.open = () => null');
    await app.goto(page.url);
    await app.getByRole('button').click();
    await app.waitForURL(`${world.simulator.url}/**`);
    await decide(app, 'Approve');
    await app.waitForURL(`${page.url}/?state=success`);
    await said(app, 'Connected.');
    expect(await isConnected()).toBe(true);
  });

  inBrowser('tells nothing to a page that is not on the team’s list', async (context) => {
    const stranger = await appPage();
    wanted = { region: 'simulator', redirect_url: null };
    const { app, popup } = await clickConnect(context, stranger.url);
    await app.evaluate("addEventListener('message', () => { document.title = 'it was told' })");
    await decide(popup, 'Approve');
    await popup.getByRole('heading', { name: 'Connected' }).waitFor();
    expect(await isConnected()).toBe(true);
    expect(await app.title()).not.toBe('it was told');
    expect(popup.isClosed()).toBe(false);
    await stranger.close();
  });
});

describe('the link page', () => {
  inBrowser(
    'lets a person without scripts choose, on a phone; Dexcom is not told where they came from',
    async (context) => {
      const link = await world.begin(userId, { redirect_url: null });
      const phone = await context.newPage();
      const referrers: (string | undefined)[] = [];
      phone.on('request', (request) => {
        if (request.url().startsWith(europe.url)) referrers.push(request.headers().referer);
      });
      await phone.goto(link.webUrl);
      await phone.getByRole('link', { name: 'Europe and elsewhere' }).click();
      await phone.waitForURL(`${europe.url}/**`);
      expect(referrers[0]).toBeUndefined();
      await decide(phone, 'Approve');
      await phone.getByRole('heading', { name: 'Connected' }).waitFor();
      expect(await isConnected()).toBe(true);
    },
    { javaScriptEnabled: false, viewport: { width: 320, height: 568 } },
  );

  for (const colorScheme of ['light', 'dark'] as const)
    inBrowser(
      `can be read and used by everybody (${colorScheme})`,
      async (context) => {
        const link = await world.begin(userId, { redirect_url: page.url, on_close: 'redirect' });
        const phone = await context.newPage();
        await phone.goto(link.webUrl);
        expect(await phone.evaluate('document.documentElement.lang')).toBe('en');
        expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
        const choice = phone.getByRole('list', { name: 'Where was your Dexcom account made?' }).getByRole('link');
        expect(await choice.count()).toBe(2);
        for (const each of await choice.all()) expect((await each.boundingBox())?.height).toBeGreaterThanOrEqual(44);

        const reached: unknown[] = [];
        for (let stop = 0; stop < 3; stop++) {
          await phone.keyboard.press('Tab');
          reached.push(await phone.evaluate('[document.activeElement.textContent, getComputedStyle(document.activeElement).outlineStyle]'));
        }
        expect(reached).toEqual([
          ['Simulator', 'solid'],
          ['Europe and elsewhere', 'solid'],
          ['Cancel', 'solid'],
        ]);

        const pairs: unknown = await phone.evaluate(CONTRASTS);
        for (const [text, ratio] of pairs as [string, number][]) expect([text, ratio >= 4.5]).toEqual([text, true]);
        await phone.getByRole('link', { name: 'Cancel' }).click();
        await phone.waitForURL(`${page.url}/?state=error&error_type=user_cancelled**`);
      },
      { viewport: { width: 320, height: 568 }, colorScheme },
    );
});

/** Every element with text of its own, and its contrast by WCAG 2. Runs in the page. */
const CONTRASTS = `(() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = channels(colour).map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const { backgroundColor } = getComputedStyle(element);
    return (channels(backgroundColor)[3] ?? 1) > 0 ? backgroundColor : behind(element.parentElement);
  };
  const ratio = (element) => {
    const [a, b] = [light(getComputedStyle(element).color), light(behind(element))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  return [...document.querySelectorAll('h1, h2, p, a, span')].map((element) => [element.textContent, ratio(element)]);
})()`;
