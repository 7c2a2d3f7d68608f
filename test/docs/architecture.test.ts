import { readdirSync } from 'node:fs';
import { codes, tableRows } from './table';

const PAGE = 'docs/architecture.md';

describe('docs/architecture.md', () => {
  test('has a line for every room of the source, and for no other', () => {
    const rooms = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const listed = tableRows(PAGE, 'folder')
      .map(([folder = '']) => codes(folder)[0] ?? '')
      .filter((folder) => folder.startsWith('src/'));
    expect([...listed].sort()).toEqual(rooms.map(({ name }) => `src/${name}`).sort());
  });
});
