import type { LinkFailure } from '../../src/connect/linkOutcome';
import { isAllowedOpener, isAllowedRedirect, withOutcome } from '../../src/connect/redirects';

const allowed = ['https://app.example/connected', 'https://other.example:8443/', 'myapp://done', 'javascript:void(0)', 'data:text/html,x'];

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
    ['the same path in another case', 'https://app.example/Connected'],
    ['a longer name', 'https://app.example/connected-not'],
    ['a path that climbs out', 'https://app.example/connected/../admin'],
    ['a path that climbs out in disguise', 'https://app.example/connected/%2e%2e/admin'],
    ['a path that climbs out behind an encoded slash', 'https://app.example/connected/..%2Fadmin'],
    ['one behind an encoded backslash', 'https://app.example/connected/..%5cadmin'],
    ['dots and a slash in disguise', 'https://app.example/connected/%2e%2e%2fadmin'],
    ['a path that climbs out by dots with a parameter', 'https://app.example/connected/..;/admin'],
    ['an empty folder', 'https://app.example/connected//evil.example'],
    ['our path behind an empty folder', 'https://app.example//connected'],
    ['another scheme', 'http://app.example/connected'],
    ['another host', 'https://evil.example/connected'],
    ['a host that begins like ours', 'https://app.example.evil.org/connected'],
    ['a host behind a name', 'https://app.example@evil.org/connected'],
    ['our host with a name', 'https://me:secret@app.example/connected'],
    ['another port', 'https://app.example:444/connected'],
    ['a backslash', 'https://evil.org\\@app.example/connected'],
    ['script', 'javascript:alert(1)//https://app.example/connected'],
    ['data', 'data:text/html,https://app.example/connected'],
    ['script on the list', 'javascript:void(0)'],
    ['data on the list', 'data:text/html,x'],
    ['backslashes in place of slashes', 'https:\\\\evil.org\\connected'],
    ['an app of the name without its slashes', 'myapp:done'],
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

  test('is not mixed with what the app’s own address says', () => {
    expect(withOutcome('https://app.example/cb?error_type=x&error=y&keep=1', { state: 'success' })).toBe(
      'https://app.example/cb?keep=1&state=success',
    );
  });

  test('cannot be said beforehand by the app’s own address', () => {
    expect(withOutcome('https://app.example/cb?state=success', failed('token_expired', 'x'))).not.toContain('success');
  });
});

describe('which page may wait for a pop-up', () => {
  test.each(['https://app.example', 'https://other.example:8443'])('one of %s', (origin) => {
    expect(isAllowedOpener(origin, allowed)).toBe(true);
  });

  test.each([
    '*',
    'null',
    '',
    'https://app.example/',
    'https://APP.example',
    'https://app.example:8443',
    'http://app.example',
    'https://evil.example',
    'https://app.example.evil.org',
    'myapp://done',
    'javascript:void(0)',
  ])('none of %s', (origin) => {
    expect(isAllowedOpener(origin, allowed)).toBe(false);
  });
});
