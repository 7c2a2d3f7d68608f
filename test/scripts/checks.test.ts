import { dependencies } from '../../scripts/checks/dependencies';
import { docPaths } from '../../scripts/checks/docPaths';
import { fileSizes } from '../../scripts/checks/fileSizes';
import { names } from '../../scripts/checks/names';
import { silencers } from '../../scripts/checks/silencers';
import { storageOperations } from '../../scripts/checks/storageOperations';
import { survivals } from '../../scripts/checks/survivals';
import { writtenParts } from '../../scripts/checks/writtenParts';
import { withParts } from '../../scripts/docs/parts';
import { readTree } from '../../scripts/tree';

const storageDocument = {
  path: 'docs/storage.md',
  text: '## The operations we use\n\n| `findOne`, `updateOne` |\n| `$set`, `$lt` |\n\n## Other\n',
};
const manifest = { path: 'package.json', text: '{"scripts":{"verify":"x"}}' };

const inStorage = (text: string) => storageOperations([storageDocument, { path: 'src/storage/things.ts', text }]).map(({ what }) => what);
const inDocument = (text: string) =>
  docPaths([manifest, { path: 'docs/page.md', text }], ['src/api/app.ts', 'docs/page.md', 'docs/other.md', 'LICENSE']);

describe('npm run verify', () => {
  test.each([
    ['a transaction', 'client.startSession();', '.startSession() is not among'],
    ['an aggregation', 'this.docs.aggregate([]);', '.aggregate() is not among'],
    ['an operator the document does not name', 'this.docs.updateOne({}, { $rename: { a: "b" } });', '$rename is not among'],
    ['an upsert', 'this.docs.updateOne({}, {}, { upsert: true });', 'upsert: '],
    ['a write concern of its own', 'this.docs.updateOne({}, {}, { writeConcern: { w: 1 } });', 'writeConcern: '],
  ])('refuses %s in storage', (_, text, expected) => {
    expect(inStorage(text)).toEqual([expect.stringContaining(expected)]);
  });

  test('lets storage use what its document names', () => {
    expect(inStorage('this.docs.updateOne({ at: { $lt: 1 } }, { $set: { a: 1 } }); this.docs.findOne({});')).toEqual([]);
  });

  test('lets nobody else reach a collection', () => {
    expect(storageOperations([storageDocument, { path: 'src/sync/pull.ts', text: "db.collection('grants');" }])).toHaveLength(1);
  });

  test.each([
    ['a file that is gone', 'See `src/api/gone.ts`.'],
    ['a folder that is gone', 'See `src/gone/`.'],
    ['a folder before a placeholder', 'See `src/gone/<noun>.ts`.'],
    ['a dead link', 'See [it](../src/api/gone.ts).'],
    ['a script that is gone', 'Run `npm run gone`.'],
  ])('refuses %s in a document', (_, text) => {
    expect(inDocument(text)).toHaveLength(1);
  });

  test('lets documents name what is there', () => {
    const text =
      '`src/api/app.ts`, `src/api/`, `src/api/<noun>.ts`, [other](other.md), [part](other.md#part), [web](https://x.test), `npm run verify`, by npm run verify: `dist/x`';
    expect(inDocument(text)).toEqual([]);
  });

  test('refuses a dependency without a line, and a line without its dependency', () => {
    const decision = { path: 'docs/adr/0001-stack-and-dependencies.md', text: '| `hono`, `zod` | routes |\n' };
    const used = { path: 'package.json', text: '{"dependencies":{"hono":"1"},"devDependencies":{"jest":"1"}}' };
    expect(dependencies([decision, used]).map(({ what }) => what)).toEqual([
      expect.stringContaining('jest'),
      expect.stringContaining('zod'),
    ]);
  });

  describe('of the survivals', () => {
    const row = (n: number) => `| ${n} | it happens | \`test/a.test.ts\` | survival ${n} |`;
    const rows = Array.from({ length: 40 }, (_, n) => row(n + 1));
    const tests = { path: 'test/a.test.ts', text: rows.map((_, n) => `test('survival ${n + 1}', f);`).join('\n') };
    const found = (lines: readonly string[], count = 40) =>
      survivals([tests, { path: 'docs/dexcom-survivals.md', text: [`${count} of 40 have a test`, ...lines].join('\n') }]).map(
        ({ what }) => what,
      );
    const with3 = (line: string) => rows.map((other, n) => (n === 2 ? line : other));

    test('lets a page be that has a test for each, or says what is missing', () => {
      expect(found(rows)).toEqual([]);
      expect(found(with3('| 3 | it happens | – | nobody wrote it |'), 39)).toEqual([]);
    });

    test.each([
      ['a number left out', with3(''), 39, 'survival 3'],
      ['a number twice', with3(row(2)), 40, 'survival 3'],
      ['a file that is gone', with3('| 3 | it happens | `test/gone.test.ts` | survival 3 |'), 40, 'test/gone.test.ts'],
      ['a title that is gone', with3('| 3 | it happens | `test/a.test.ts` | survival 3: gone |'), 40, 'survival 3: gone'],
      ['a wrong count', with3('| 3 | it happens | – | nobody wrote it |'), 40, '39 of 40 have a test'],
    ])('refuses %s', (_, lines, count, told) => {
      expect(found(lines, count)).toContainEqual(expect.stringContaining(told));
    });
  });

  describe('of the parts of documents that the code writes', () => {
    const documents = readTree().filter(({ path }) => path.startsWith('docs/'));
    const changed = (change: (text: string) => string) => writtenParts(documents.map(({ path, text }) => ({ path, text: change(text) })));

    test('lets them stand as the code writes them', () => {
      expect(writtenParts(documents)).toEqual([]);
    });

    test('refuses an example, or a wait, that the code no longer has, and writes it anew', () => {
      for (const [path, was] of [
        ['docs/events.md', '"value_mg_per_dl": 104'],
        ['docs/webhooks.md', '| 2nd failure | 30 s |'],
      ] as const) {
        const text = documents.find((document) => document.path === path)?.text ?? '';
        expect(changed((other) => other.replace(was, '…'))).toEqual([expect.objectContaining({ where: path })]);
        expect(withParts(text.replace(was, '…'))).toBe(text);
      }
    });

    test('refuses one that nothing writes, and one that no document has', () => {
      expect(changed((text) => text.replace('write-docs: events', 'write-docs: of-old')).map(({ what }) => what)).toEqual([
        expect.stringContaining('of-old'),
        expect.stringContaining('events'),
      ]);
    });
  });

  test('refuses files that are too long', () => {
    expect(fileSizes([{ path: 'src/a.ts', text: 'x\n'.repeat(401) }])).toHaveLength(1);
    expect(fileSizes([{ path: 'src/a.ts', text: 'x\n'.repeat(400) }])).toEqual([]);
  });

  test.each(['src/utils/a.ts', 'src/dateHelpers.ts', 'src/common/a.ts', 'src/ConnectionManager.ts'])('refuses the name %s', (path) => {
    expect(names([{ path, text: '' }])).toHaveLength(1);
  });

  // In two parts, or this file would be refused itself.
  test.each([
    ['// @ts-', 'ignore'],
    ['const a = b as ', 'unknown as C;'],
    ['const a = b as ', 'any;'],
  ])('refuses `%s%s`', (...parts) => {
    expect(silencers([{ path: 'src/a.ts', text: parts.join('') }])).toHaveLength(1);
  });

  test('knows prose from code', () => {
    const [a, b] = ['any', 'never'];
    expect(silencers([{ path: 'src/a.ts', text: `/** Works as ${a} other. */\n// as ${b} before\nconst a = b as const;` }])).toEqual([]);
  });
});
