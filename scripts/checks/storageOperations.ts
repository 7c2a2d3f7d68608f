import { Collection, Db, MongoClient } from 'mongodb';
import ts from 'typescript';
import type { Finding, SourceFile } from '../tree';
import { lineAt } from '../tree';

/** What holds on every MongoDB-compatible server in use; docs/storage.md says why, and lists the same. */
export const ALLOWED_OPERATIONS = [
  'insertOne',
  'findOne',
  'find',
  'updateOne',
  'updateMany',
  'replaceOne',
  'deleteOne',
  'deleteMany',
  'countDocuments',
  'findOneAndUpdate',
  'createIndexes',
] as const;

/** Opening and closing; no operation on data. */
const PLUMBING = ['constructor', 'collection', 'db', 'admin', 'connect', 'close', 'command'];

/** Every method of the driver that is not allowed: asked of the driver itself, so that its next version's are refused too. */
const REFUSED = new Set(
  [Collection, Db, MongoClient]
    .flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype))
    .filter((name) => !name.startsWith('_') && !PLUMBING.includes(name) && !ALLOWED_OPERATIONS.some((allowed) => allowed === name)),
);

/** Set once, where the database is opened. */
const OVERRIDES = ['writeConcern', 'readConcern', 'readPreference', 'session'];

/** Storage uses no operation that some compatible server lacks or does differently, and nobody else reaches a collection. */
export const storageOperations = (tree: readonly SourceFile[]): readonly Finding[] =>
  tree.filter(({ path }) => path.startsWith('src/') && path.endsWith('.ts')).flatMap((file) => findings(file));

function findings(file: SourceFile): readonly Finding[] {
  const inStorage = file.path.startsWith('src/storage/');
  const found: Finding[] = [];
  const say = (node: ts.Node, what: string) => found.push({ where: lineAt(file, node.getStart()), what });

  const visit = (node: ts.Node): void => {
    const method = calledMethod(node);
    if (inStorage && method !== null && REFUSED.has(method)) say(node, `.${method}() is not among the operations docs/storage.md allows`);
    if (inStorage && method?.startsWith('findOneAnd') && namesProperty(node, ['upsert']))
      say(node, `.${method}() with upsert: a duplicate key has another code there on some servers`);
    if (!inStorage && method === 'collection')
      say(node, '.collection() outside src/storage: each collection has one file, and its operations stand there');
    if (inStorage && !file.path.endsWith('/database.ts') && ts.isPropertyAssignment(node) && OVERRIDES.includes(node.name.getText()))
      say(node, `${node.name.getText()} is set once, in src/storage/database.ts`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true));
  return found;
}

const calledMethod = (node: ts.Node): string | null =>
  ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : null;

function namesProperty(node: ts.Node, names: readonly string[]): boolean {
  if (ts.isPropertyAssignment(node) && names.includes(node.name.getText())) return true;
  return ts.forEachChild(node, (child) => namesProperty(child, names) || undefined) ?? false;
}
