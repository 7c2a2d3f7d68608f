import { readFileSync } from 'node:fs';
import { ACCESS_TOKEN_LIFE_S } from '../../src/security/accessTokens';
import { managementRoles, scopes } from '../../src/storage/apiKeys';
import { codes, tableRows } from './table';

const PAGE = 'docs/security.md';
const listed = (column: string): readonly string[] => tableRows(PAGE, column).map(([cell = '']) => codes(cell)[0] ?? '');

describe('docs/security.md', () => {
  test('lists every scope and every role', () => {
    expect(listed('scope')).toEqual([...scopes]);
    expect(listed('role')).toEqual([...managementRoles]);
  });

  test('tells how long an access token lives', () => {
    expect(readFileSync(PAGE, 'utf8')).toContain('a JWT of five minutes');
    expect(ACCESS_TOKEN_LIFE_S).toBe(5 * 60);
  });
});
