/**
 * JSON as a person would write it down: what fits into a line stands in one.
 * @param lead what stands before it in its first line, so that the line is no longer than `width` with it
 */
export function compactJson(value: unknown, width: number, indent = '', lead = indent): string {
  const line = inOneLine(value);
  if (lead.length + line.length <= width || typeof value !== 'object' || value === null) return line;

  const deeper = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item: unknown) => deeper + compactJson(item, width, deeper))
    : Object.entries(value).map(([key, item]) => {
        const named = `${deeper}${JSON.stringify(key)}: `;
        return named + compactJson(item, width, deeper, named);
      });
  const [open, close] = bracketsOf(value);
  return `${open}\n${parts.join(',\n')}\n${indent}${close}`;
}

function inOneLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inOneLine).join(', ')}]`;
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${inOneLine(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

const bracketsOf = (value: object): readonly [string, string] => (Array.isArray(value) ? ['[', ']'] : ['{', '}']);
