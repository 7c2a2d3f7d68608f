import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** The texts a type alias allows, as they stand in the source: types are gone when a test runs. */
export function textsOf(path: string, alias: string): readonly string[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = source.statements.find((node) => ts.isTypeAliasDeclaration(node) && node.name.text === alias);
  if (!found) throw new Error(`${path} has no type ${alias}`);
  return stringsIn(found);
}

const stringsIn = (node: ts.Node): readonly string[] =>
  ts.isStringLiteral(node) ? [node.text] : node.getChildren().flatMap((child) => stringsIn(child));
