import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Api } from '../../app';

const SCRIPT = readFileSync(join(__dirname, '../../pages/link.js'), 'utf8');

/** `Continuo.open(linkToken, …)` for an app's own page, whose origin is another one: for browsers, so it is not in the API's contract. */
export const registerLinkScript = (api: Api): unknown =>
  api.get('/link.js', (c) =>
    c.body(SCRIPT, 200, {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=600',
      'cross-origin-resource-policy': 'cross-origin',
    }),
  );
