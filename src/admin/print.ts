export interface Output {
  readonly json?: boolean | undefined;
}

/** One line of JSON for scripts, or the same as a table for people. */
export function print(result: object, { json }: Output): void {
  console.log(json ? JSON.stringify(result) : (Array.isArray(result) ? result : [result]).map(table).join('\n\n'));
}

const table = (row: object): string =>
  Object.entries(row)
    .map(([name, value]) => `${name.padEnd(18)}${Array.isArray(value) ? value.join(', ') : String(value ?? '–')}`)
    .join('\n');
