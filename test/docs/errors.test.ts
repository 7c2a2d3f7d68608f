import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { feedErrors, impliedErrors, limitedErrors, linkErrors, readErrors, writeErrors } from '../../src/api/errors';
import { lastErrorTypes } from '../../src/sync/lastErrorType';
import { codes, tableRows } from './table';
import { textsOf } from './union';

const PAGE = 'docs/errors.md';

/** The first column of the table that stands under `heading`. */
const listed = (heading: string, column: string): readonly string[] =>
  tableRows(PAGE, column, heading).map(([cell = '']) => codes(cell)[0] ?? '');

const api = readdirSync('src/api', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join('src/api', name), 'utf8'))
  .join('\n');

describe('docs/errors.md', () => {
  test('lists every status that a route declares, and those of the framework', () => {
    const implied = ['apiKey', 'linkToken'].map((opener) =>
      impliedErrors({ method: 'post', path: '/', security: [{ [opener]: [] }], request: { body: { content: {} } }, responses: {} }),
    );
    const declared = [readErrors, feedErrors, writeErrors, limitedErrors, linkErrors, ...implied].flatMap((errors) => Object.keys(errors));
    expect(listed('Status codes', 'status')).toEqual([...new Set([...declared, '405', '417'])].sort());
  });

  test('lists every error_type that the API writes', () => {
    const written = [...api.matchAll(/(?:refused\(\d+, |error_type: )'([A-Z_]+)'/g)].map(({ 1: type }) => type);
    expect([...listed('`error_type` in `detail`', 'error_type')].sort()).toEqual([...new Set(written)].sort());
  });

  test.each([['How a link can end', 'error_type', 'src/connect/linkOutcome.ts', 'LinkErrorType']])(
    'lists %s',
    (heading, column, path, alias) => {
      expect([...listed(heading, column)].sort()).toEqual([...textsOf(path, alias)].sort());
    },
  );

  test('lists why a person must link again', () => {
    const reasons = [...textsOf('src/storage/grants.ts', 'NeedsReauthReason'), ...textsOf('src/life/lifeOf.ts', 'ReauthReason')];
    expect([...listed('Why a person must link again', 'reason')].sort()).toEqual(reasons.sort());
  });

  test('lists what `last_error` of a connection can be', () => {
    expect([...listed('How a sync can fail', 'type')].sort()).toEqual([...lastErrorTypes].sort());
  });
});
