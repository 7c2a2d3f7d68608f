import { RELEASE } from '../release';
import type { Api } from './app';
import { servePage } from './pages/servePage';
import { referencePage } from './reference/page';

/** Serves the contract: `/openapi.json` for programs, `/reference` for people. */
export function describeApi(api: Api): void {
  api.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', { type: 'apiKey', in: 'header', name: 'x-vital-api-key' });
  api.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', description: 'The same key' });
  api.openAPIRegistry.registerComponent('securitySchemes', 'managementKey', { type: 'apiKey', in: 'header', name: 'X-Management-Key' });
  api.openAPIRegistry.registerComponent('securitySchemes', 'linkToken', { type: 'apiKey', in: 'header', name: 'x-vital-link-token' });

  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Continuo',
      version: RELEASE,
      description:
        'Connects people’s Dexcom accounts to an app: history, every new reading, signed webhooks. Speaks the wire format of Vital/Junction.',
    },
  });
  const page = referencePage(document);

  api.get('/openapi.json', (c) => c.json(document));
  api.get('/reference', (c) => servePage(c, page, 200));
}
