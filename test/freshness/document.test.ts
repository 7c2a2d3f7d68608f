import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable } from '../../bench/table';
import { outcomes, outcomeTable } from './month/table';

test('docs/freshness.md has the month as it comes out', () => {
  const document = readFileSync(join(__dirname, '../../docs/freshness.md'), 'utf8');
  expect(document).toContain(markdownTable(outcomeTable(outcomes())));
});
