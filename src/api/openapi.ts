import { OpenAPIHono } from '@hono/zod-openapi';
import { RELEASE } from '../release';
import type { Api } from './app';
import { impliedErrors } from './errors';
import { servePage } from './pages/servePage';
import { readDocument } from './reference/document';
import { referencePage } from './reference/page';
import { withExamples } from './reference/withExamples';

/** Serves the contract: `/openapi.json` for programs, `/reference` for people, who are led there from `/`. */
export function describeApi(api: Api): void {
  const document = withExamples(readDocument(contractOf(api)));
  const page = referencePage(document);

  api.get('/openapi.json', (c) => c.json(document));
  api.get('/reference', (c) => servePage(c, page, 200));
  api.get('/', (c) => c.redirect('/reference'));
}

/** What the routes say of themselves, and what follows from what each of them takes. */
function contractOf({ openAPIRegistry: { definitions } }: Api): unknown {
  const whole = new OpenAPIHono();
  const { openAPIRegistry: registry } = whole;
  registry.registerComponent('securitySchemes', 'apiKey', { type: 'apiKey', in: 'header', name: 'x-vital-api-key' });
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', description: 'The same key' });
  registry.registerComponent('securitySchemes', 'managementKey', { type: 'apiKey', in: 'header', name: 'X-Management-Key' });
  registry.registerComponent('securitySchemes', 'linkToken', { type: 'apiKey', in: 'header', name: 'x-vital-link-token' });

  for (const entry of definitions) {
    if (entry.type === 'route')
      registry.registerPath({ ...entry.route, responses: { ...impliedErrors(entry.route), ...entry.route.responses } });
    if (entry.type === 'webhook') registry.registerWebhook(entry.webhook);
  }
  return whole.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Continuo',
      version: RELEASE,
      description:
        'Connects people’s Dexcom accounts to an app: history, every new reading, signed webhooks. Speaks the wire format of Vital/Junction. ' +
        'Every answer has an `x-request-id`. A method that a path has not is a 405 whose `Allow` says which it has; HEAD goes with GET. ' +
        'Beside what stands here there is what browsers open: `/link`, the page that a link token leads to, `/link.js`, which opens it from ' +
        'an app’s own page, `/reference`, this contract for people, and `/openapi.json`, the contract itself.',
    },
  });
}
