import Ajv2020 from 'ajv/dist/2020';
import type { ApiDocument, NamedOperation } from '../../src/api/reference/document';
import { parseUrl } from '../../src/egress/parseUrl';
import type { Answer } from './apiWorld';

export interface AnswerContract {
  /** What is wrong with a value that stands where the document has this schema; empty if nothing is. */
  problemsOfValue(value: unknown, ...schemaPath: readonly string[]): string;
  /** What an answer has that its operation does not promise; empty if nothing. */
  problemsOf(operation: NamedOperation, answer: Answer): string;
}

/** Judges by JSON Schema 2020-12, which is what OpenAPI 3.1 means, with a library that had no part in making the document. */
export function createAnswerContract(document: ApiDocument): AnswerContract {
  const ajv = new Ajv2020({
    strict: false,
    formats: { uuid: UUID, 'date-time': INSTANT, date: DAY, uri: (text: string) => parseUrl(text) !== null },
  });
  ajv.addSchema({ ...document, $id: 'api' });

  const problemsOfValue: AnswerContract['problemsOfValue'] = (value, ...schemaPath) => {
    const $ref = `api#/${schemaPath.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
    return ajv.validate({ $ref }, value) ? '' : ajv.errorsText();
  };

  return {
    problemsOfValue,
    problemsOf({ method, path, responses }, { status, headers, body }) {
      const declared = responses[status];
      if (status >= 500 || !declared) return `${status} is not declared, or a fault of ours`;
      const type = headers.get('content-type')?.split(';')[0];
      if (type === undefined) return body === '' && !declared.content ? '' : `${status} without a body, or of no type`;
      if (!declared.content?.[type]) return `${status} is not declared as ${type}`;
      return problemsOfValue(body, 'paths', path, method.toLowerCase(), 'responses', String(status), 'content', type, 'schema');
    },
  };
}

const UUID = /^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
