import { Collection, Db, MongoClient } from 'mongodb';
import ts from 'typescript';
import type { Finding, SourceFile } from '../tree';
import { lineAt } from '../tree';

const DOCUMENT = 'docs/storage.md';

/** Opening and closing; no operation on data. */
const PLUMBING = ['constructor', 'collection', 'db', 'admin', 'command', 'connect', 'close'];

/** Every method of the driver, asked of the driver itself: what its next version adds is refused as well. */
const DRIVER = new Set(
  [Collection, Db, MongoClient]
    .flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype))
    .filter((name) => !PLUMBING.includes(name)),
);

/** Properties that storage never sets, and why. */
const REFUSED_PROPERTIES: Readonly<Record<string, string>> = {
  upsert: 'servers differ in what the loser of two upserts sees: insertOne, then a filtered update',
  unique: 'what must be unique is an _id',
  session: 'there are no transactions',
  writeConcern: 'is set once, where the database is opened',
  readConcern: 'is set once, where the database is opened',
  readPreference: 'is set once, where the database is opened',
};

/**
 * Storage uses only what every compatible server does alike, and nobody else reaches a collection.
 * The table of operations in docs/storage.md is the list: a method or `$operator` it does not name is refused.
 */
export function storageOperations(tree: readonly SourceFile[]): readonly Finding[] {
  const allowed = allowedBy(tree.find(({ path }) => path === DOCUMENT));
  if (allowed.size === 0) return [{ where: DOCUMENT, what: 'has no table of operations under "## The operations we use"' }];
  return tree.filter(({ path }) => path.startsWith('src/') && path.endsWith('.ts')).flatMap((file) => findings(file, allowed));
}

/** Every word in backticks of the section on operations. */
function allowedBy(document: SourceFile | undefined): ReadonlySet<string> {
  const section = /^## The operations we use[^\n]*\n(.*?)^## /ms.exec(document?.text ?? '')?.[1] ?? '';
  return new Set([...section.matchAll(/`([^`]*)`/g)].flatMap(({ 1: code = '' }) => code.match(/\$?\w+/g) ?? []));
}

function findings(file: SourceFile, allowed: ReadonlySet<string>): readonly Finding[] {
  const inStorage = file.path.startsWith('src/storage/');
  const opening = file.path === 'src/storage/database.ts';
  const found: Finding[] = [];
  const say = (node: ts.Node, what: string) => found.push({ where: lineAt(file, node.getStart()), what });

  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    const method = calledMethod(node);
    if (!inStorage) {
      if (method === 'collection')
        say(node, '.collection() outside src/storage: a collection has one file, and its operations stand there');
      return;
    }
    if (method !== null && DRIVER.has(method) && !allowed.has(method))
      say(node, `.${method}() is not among the operations ${DOCUMENT} allows`);
    if (!ts.isPropertyAssignment(node) && !ts.isShorthandPropertyAssignment(node)) return;
    const name = node.name.getText().replace(/['"]/g, '');
    const reason = REFUSED_PROPERTIES[name];
    if (name.startsWith('$') && !allowed.has(name)) say(node, `${name} is not among the operations ${DOCUMENT} allows`);
    if (reason !== undefined && !opening) say(node, `${name}: ${reason}`);
  };
  visit(ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true));
  return found;
}

const calledMethod = (node: ts.Node): string | null =>
  ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : null;
