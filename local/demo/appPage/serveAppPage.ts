import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { reasonOf } from '../../errno';

export interface AppPage {
  readonly url: string;
  close(): Promise<void>;
}

export interface AppPageOptions {
  readonly port: number;
  readonly apiUrl: string;
  /** For this page's user, who comes back to it. @param redirectUrl the page itself */
  readonly linkToken: (redirectUrl: string) => Promise<string>;
}

const read = (name: string): string => readFileSync(join(__dirname, name), 'utf8');

/** The page of an app that uses `/link.js`, and the server behind it, which keeps the API key: no more than it takes. */
export async function serveAppPage({ port, apiUrl, linkToken }: AppPageOptions): Promise<AppPage> {
  const url = `http://127.0.0.1:${port}`;
  const policy = `default-src 'none'; script-src 'self' ${apiUrl}; connect-src 'self'; style-src 'unsafe-inline'`;
  const answers: Readonly<Record<string, (response: ServerResponse) => Promise<void> | void>> = {
    'GET /': (response) => {
      response.setHeader('content-security-policy', policy);
      answer(response, 'text/html', read('page.html').replaceAll('{{apiUrl}}', apiUrl));
    },
    'GET /page.js': (response) => answer(response, 'text/javascript', read('page.js')),
    'POST /link-token': async (response) =>
      answer(response, 'application/json', JSON.stringify({ link_token: await linkToken(`${url}/`) })),
  };

  const server = createServer(async ({ method, url: path = '/' }, response) => {
    const known = answers[`${method} ${new URL(path, url).pathname}`];
    try {
      if (known) await known(response);
      else response.writeHead(404).end();
    } catch (error) {
      response.writeHead(502).end(reasonOf(error));
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const answer = (response: ServerResponse, type: string, text: string): void => {
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(text);
};
