import { isDatabaseAway } from '../../src/storage/databaseAway';

describe('an operation that failed', () => {
  test('because the server had just closed its socket may work later, as Node.js throws it', () => {
    expect(isDatabaseAway(Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' }))).toBe(true);
    expect(isDatabaseAway(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))).toBe(true);
  });

  test.each([
    ['a fault of ours', new TypeError('x is undefined')],
    ['nothing', null],
    ['a text', 'EPIPE'],
    ['a number', 1],
  ])('because of %s does not', (_, thrown) => {
    expect(isDatabaseAway(thrown)).toBe(false);
  });
});
