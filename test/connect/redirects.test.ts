import type { LinkFailure } from '../../src/connect/linkOutcome';
import { isAllowedRedirect, withOutcome } from '../../src/connect/redirects';

const allowed = ['https://app.example/connected', 'https://other.example:8443/', 'myapp://done'];

const failed = (errorType: LinkFailure['errorType'], error: string): LinkFailure => ({ state: 'error', errorType, error });

describe('where a browser may be sent', () => {
  test.each([
    'https://app.example/connected',
    'https://app.example/connected/',
    'https://app.example/connected/a/b?x=1',
    'https://APP.example/connected',
    'https://app.example:443/connected',
    'https://other.example:8443/anything',
    'myapp://done',
    'myapp://done/here',
  ])('%s', (url) => {
    expect(isAllowedRedirect(url, allowed)).toBe(true);
  });

  test.each([
    ['another path', 'https://app.example/'],
    ['a longer name', 'https://app.example/connected-not'],
    ['a path that climbs out', 'https://app.example/connected/../admin'],
    ['a path that climbs out in disguise', 'https://app.example/connected/%2e%2e/admin'],
    ['another scheme', 'http://app.example/connected'],
    ['another host', 'https://evil.example/connected'],
    ['a host that begins like ours', 'https://app.example.evil.org/connected'],
    ['a host behind a name', 'https://app.example@evil.org/connected'],
    ['our host with a name', 'https://me:secret@app.example/connected'],
    ['another port', 'https://app.example:444/connected'],
    ['a backslash', 'https://evil.org\\@app.example/connected'],
    ['script', 'javascript:alert(1)//https://app.example/connected'],
    ['data', 'data:text/html,https://app.example/connected'],
    ['no scheme', '//app.example/connected'],
    ['a fragment', 'https://app.example/connected#state=success'],
    ['another app', 'myapp2://done'],
    ['nothing', ''],
  ])('but not %s: %s', (_, url) => {
    expect(isAllowedRedirect(url, allowed)).toBe(false);
  });

  test('nowhere, for a team without a list', () => {
    expect(isAllowedRedirect('https://app.example/connected', [])).toBe(false);
  });
});

describe('what the app is told', () => {
  test('is added to its own query', () => {
    expect(withOutcome('https://app.example/cb?flow=7', { state: 'success' })).toBe('https://app.example/cb?flow=7&state=success');
  });

  test('is in the contract’s words, escaped', () => {
    const url = new URL(withOutcome('https://app.example/cb', failed('user_cancelled', 'Not & now')));
    expect(url.search).not.toContain('& ');
    expect(Object.fromEntries(url.searchParams)).toEqual({ state: 'error', error_type: 'user_cancelled', error: 'Not & now' });
  });

  test('cannot be said beforehand by the app’s own address', () => {
    expect(withOutcome('https://app.example/cb?state=success', failed('token_expired', 'x'))).not.toContain('success');
  });
});
