import type { ApiDocument, Operation } from '../../../src/api/reference/document';

const page = { 'text/html': { schema: { type: 'string' } } };
const ended = { 'application/json': { schema: { type: 'object', required: ['state', 'error_type', 'provider', 'connected'] } } };

/** What `/link` promises, which people open and no program: no contract has it. With `x-vital-sdk-no-redirect` its end is JSON. */
const operation: Operation = {
  parameters: ['token', 'region', 'cancel', 'opener'].map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
  responses: {
    200: { description: 'A choice', content: { ...page, ...ended } },
    302: { description: 'To the sign-in' },
    307: { description: 'To the app' },
    400: { description: 'No link, or no such region', content: page },
    410: { description: 'Used, or too old', content: page },
  },
};

/** The document, as if the page were part of it. */
export const withLinkPage = (document: ApiDocument): ApiDocument => ({
  ...document,
  paths: { ...document.paths, '/link': { get: operation } },
});
