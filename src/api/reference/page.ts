import { html } from 'hono/html';
import type { Page } from '../pages/layout';
import { type ApiDocument, type NamedOperation, operationsOf } from './document';
import { properties, table, typeOf } from './schema';

/** The contract as one page of text: nothing on it is loaded from anywhere, nothing runs. */
export function referencePage(described: ApiDocument): Page {
  const operations = operationsOf(described);
  const tags = [...new Set(operations.flatMap(({ tags = [] }) => tags))];
  const { title, version, description } = described.info;

  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title} ${version}: API reference</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <nav aria-label="Operations">${tags.map((tag) => contents(tag, operations))}</nav>
    <main>
      <h1>${title} ${version}</h1>
      <p>${description}</p>
      <p>The same for programs: <a href="/openapi.json">openapi.json</a></p>
      ${tags.map((tag) => section(tag, operations))}
      <h2>Schemas</h2>
      ${Object.entries(described.components.schemas).map(
        ([name, schema]) => html`<section id="schema-${name}"><h3>${name}</h3>${table(properties(schema))}</section>`,
      )}
    </main>
  </body>
</html>`;
}

const contents = (tag: string, operations: readonly NamedOperation[]): Page =>
  html`<h2>${tag}</h2><ul>${tagged(tag, operations).map((operation) => html`<li><a href="#${anchor(operation)}">${operation.summary}</a></li>`)}</ul>`;

const section = (tag: string, operations: readonly NamedOperation[]): Page => html`<h2>${tag}</h2>${tagged(tag, operations).map(article)}`;

const tagged = (tag: string, operations: readonly NamedOperation[]): readonly NamedOperation[] =>
  operations.filter(({ tags = [] }) => tags.includes(tag));

const anchor = ({ method, path }: NamedOperation): string => `${method}${path}`.replace(/[^\w]+/g, '-');

const article = (operation: NamedOperation): Page => html`
  <article id="${anchor(operation)}">
    <h3>${operation.summary}</h3>
    <p><code><b>${operation.method}</b> ${operation.path}</code></p>
    <p>${operation.description}</p>
    ${keys(operation)}
    ${table((operation.parameters ?? []).map(parameter))}
    ${Object.values(operation.requestBody?.content ?? {}).map(({ schema, example }) => html`<p>Body: ${typeOf(schema ?? {})}</p>${shown(example)}`)}
    <dl>
      ${Object.entries(operation.responses).map(
        ([status, { description, content }]) =>
          html`<dt>${status}</dt><dd>${description} ${Object.values(content ?? {}).map(({ schema, example }) => html`(${typeOf(schema ?? {})})${shown(example)}`)}</dd>`,
      )}
    </dl>
  </article>`;

function keys({ security = [] }: NamedOperation): Page {
  const ways = security.flatMap((way) => Object.entries(way).map(([scheme, scopes]) => [scheme, ...scopes].join(' ')));
  return ways.length === 0 ? html`<p>Open to all.</p>` : html`<p>Key: ${ways.join(', or ')}</p>`;
}

const shown = (example: unknown): Page =>
  example === undefined ? html`` : html`<details><summary>Example</summary><pre>${JSON.stringify(example, null, 2)}</pre></details>`;

const parameter = ({ name, in: place, required, schema = {} }: NonNullable<NamedOperation['parameters']>[number]): Page =>
  html`<tr><td><code>${name}</code> in ${place}</td><td>${typeOf(schema)}${required ? '' : ' optional'}</td><td>${schema.description ?? ''}</td></tr>`;

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; display: grid; grid-template-columns: 17rem minmax(0, 60rem); font: 1rem/1.5 system-ui, sans-serif; }
nav { padding: 1rem; position: sticky; top: 0; height: 100vh; overflow: auto; box-sizing: border-box; border-right: 1px solid #8884; }
nav ul { padding-left: 1rem; } nav h2 { font-size: 1rem; }
main { padding: 1rem 2rem; }
article, section { border-top: 1px solid #8884; padding: 0.5rem 0; }
table { border-collapse: collapse; width: 100%; } td { border-top: 1px solid #8883; padding: 0.25rem 0.5rem 0.25rem 0; vertical-align: top; }
dt { font-weight: 600; float: left; clear: left; width: 3rem; } dd { margin-left: 3.5rem; }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; } }
`;
