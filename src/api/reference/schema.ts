import { html } from 'hono/html';
import type { Page } from '../pages/layout';
import { nameOf, type Schema } from './document';

/** A schema in a few words, named ones as links to where they are described: `string (date-time) or null`, `array of Source`. */
export function typeOf(schema: Schema): Page {
  const name = nameOf(schema);
  if (name !== null) return html`<a href="#schema-${name}">${name}</a>`;
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return joined(choices.map(typeOf));
  const [whole] = schema.allOf ?? [];
  if (whole) return typeOf(whole);
  if (schema.enum) return html`${schema.enum.map((value) => JSON.stringify(value)).join(' | ')}`;
  if (schema.const !== undefined) return html`${JSON.stringify(schema.const)}`;
  if (schema.items) return html`array of ${typeOf(schema.items)}`;

  const types = [schema.type ?? 'any'].flat().join(' or ');
  return html`${schema.format === undefined ? types : `${types} (${schema.format})`}`;
}

/** The properties of an object, and those of the objects in it, as rows. */
export function properties(schema: Schema, prefix = ''): readonly Page[] {
  const inner = schema.items ?? schema;
  if (inner.allOf) return inner.allOf.flatMap((part) => (nameOf(part) ? [likeRow(part)] : properties(part, prefix)));
  return Object.entries(inner.properties ?? {}).flatMap(([name, property]) => {
    const required = inner.required?.includes(name) ? '' : ' optional';
    const notes = [property.deprecated ? 'Deprecated.' : '', property.description ?? ''].join(' ').trim();
    const row = html`<tr><td><code>${prefix}${name}</code></td><td>${typeOf(property)}${required}</td><td>${notes}</td></tr>`;
    return [row, ...properties(property, `${prefix}${name}.`)];
  });
}

export const table = (rows: readonly Page[]): Page => (rows.length === 0 ? html`` : html`<table><tbody>${rows}</tbody></table>`);

const likeRow = (schema: Schema): Page => html`<tr><td colspan="3">All of ${typeOf(schema)}, and</td></tr>`;

const joined = (parts: readonly Page[]): Page => html`${parts.map((part, n) => (n === 0 ? part : html` or ${part}`))}`;
