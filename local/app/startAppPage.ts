import { sendBrowsersBackTo } from '../demo/admin';
import { type AppPage, serveAppPage } from '../demo/appPage/serveAppPage';
import type { ContinuoApi } from '../demo/continuoApi';
import { choosePort } from '../home/ports';
import type { Stage } from './stage';
import type { AppEnvironment } from './startApp';

/** A page as an app would have it, in this very process, for a user of its own. @throws Problem */
export async function startAppPage(stage: Stage, api: ContinuoApi, teamId: string, env: AppEnvironment): Promise<AppPage> {
  const { home, options, stack, signal } = stage;
  const port = await choosePort('page', options.pagePort, home.memory, '--page-port');
  const linkToken = async (redirectUrl: string): Promise<string> => api.linkToken(await api.user('demo-page'), redirectUrl);
  const page = await serveAppPage({ port, apiUrl: env.PUBLIC_URL, linkToken });
  stack.add('app’s page', () => page.close());

  if (home.memory.now.redirectUrl !== page.url) await sendBrowsersBackTo(page.url, teamId, env, signal);
  home.memory.change({ redirectUrl: page.url });
  return page;
}
