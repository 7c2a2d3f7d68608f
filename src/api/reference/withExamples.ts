import type { ApiDocument, Content, Operation, Schemas } from './document';
import { exampleOf } from './exampleOf';

/** The document with an example of each body, wherever its schemas have enough of them. */
export const withExamples = (document: ApiDocument): ApiDocument => ({
  ...document,
  paths: mapped(document.paths, (methods) => mapped(methods, (operation) => exemplified(operation, document.components.schemas))),
});

const exemplified = (operation: Operation, named: Schemas): Operation => ({
  ...operation,
  ...(operation.requestBody && { requestBody: { ...operation.requestBody, content: shown(operation.requestBody.content, named) } }),
  responses: mapped(operation.responses, (response) => ({
    ...response,
    ...(response.content && { content: shown(response.content, named) }),
  })),
});

const shown = (content: Content, named: Schemas): Content =>
  mapped(content, ({ example, ...media }) => ({ ...media, example: example ?? exampleOf(media.schema ?? {}, named) }));

const mapped = <T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
