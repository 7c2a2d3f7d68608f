import { readFileSync } from 'node:fs';
import { clientMethods } from '../api/clientOperations';
import { methods } from '../conformance/methods';
import { compatibilityPage, PAGE } from '../conformance/page';

test('the page of methods claims to list no more than it does, and counts all that the clients have', () => {
  const page = readFileSync(PAGE, 'utf8');
  const words = compatibilityPage([]).trimEnd();
  expect(page.startsWith(words)).toBe(true);
  expect([...page.matchAll(/^\| `([\w.]+)` /gm)].map(([, name]) => name)).toEqual(methods.map(({ name }) => name));
  expect(words).toContain(`of ${clientMethods().join(' and ')} in all`);
});
