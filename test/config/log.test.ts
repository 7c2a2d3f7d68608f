import { Writable } from 'node:stream';
import { createLog } from '../../src/log';

/** What a logger wrote, as text. */
function recorded(write: (log: ReturnType<typeof createLog>) => void): string {
  let written = '';
  const into = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      done();
    },
  });
  write(createLog({ level: 'trace', name: 'test' }, into));
  return written;
}

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzZXNzaW9uIn0.c2lnbmF0dXJl';

describe('the log', () => {
  test.each([
    ['a token field at any depth', { grant: { tokens: { accessToken: 'canary' } } }],
    ['an authorization header', { headers: { Authorization: 'Bearer canary' } }],
    ['a glucose value', { sample: { value: 'canary', mgPerDl: 'canary' } }],
    ['a webhook body', { body: 'canary' }],
    ['an OAuth code', { query: { code: 'canary' } }],
    ['who somebody is to the app', { user: { client_user_id: 'canary', clientUserId: 'canary' } }],
    ['what an error carries beside its message', Object.assign(new Error('failed'), { document: 'canary' })],
    ['what a cause carries', { err: new Error('outer', { cause: Object.assign(new Error('inner'), { response: 'canary' }) }) }],
    [
      'what the errors of an aggregate carry',
      { err: new AggregateError([Object.assign(new Error('inner'), { body: 'canary' }), { body: 'canary' }]) },
    ],
  ])('never shows %s', (_, fields) => {
    expect(recorded((log) => log.error(fields, 'something'))).toContain('something');
    expect(recorded((log) => log.error(fields, 'something'))).not.toContain('canary');
  });

  test.each([
    ['a JWT', `GET /link?token=${JWT}`, JWT],
    ['an API key', 'key sk_continuo_AbCdEf was refused', 'AbCdEf'],
    ['a webhook secret', 'signed with whsec_c2VjcmV0', 'c2VjcmV0'],
    ['a password in an address', 'cannot reach mongodb://me:hunter2@host/', 'hunter2'],
  ])('cuts %s out of every text', (_, text, secret) => {
    const written = recorded((log) => {
      log.info(text);
      log.info({ path: text }, text);
      log.error(new Error(text));
    });
    expect(written).not.toContain(secret);
    expect(written).toContain('[redacted]');
  });

  test('keeps what an engineer needs: the error, its cause, ids', () => {
    const written = recorded((log) =>
      log.error({ err: new TypeError('bad', { cause: new Error('why') }), connectionId: 'c-1' }, 'pull failed'),
    );
    for (const part of ['TypeError', 'bad', 'why', 'c-1', 'pull failed', 'log.test']) expect(written).toContain(part);
  });

  test('keeps every reason of an error that stands for several, in whatever way it is logged', () => {
    const error = new AggregateError([new TypeError('first'), new AggregateError([new Error(`second ${JWT}`)])], '2 could not be repaired');
    for (const fields of [{ err: error }, { cause: error }, error]) {
      const written = recorded((log) => log.error(fields, 'repair failed'));
      for (const part of ['2 could not be repaired', 'TypeError', 'first', 'second [redacted]']) expect(written).toContain(part);
    }
  });
});
