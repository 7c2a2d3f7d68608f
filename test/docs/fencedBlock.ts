import { readFileSync } from 'node:fs';

/** The one block of a language that a document has, as its reader copies it. */
export function fencedBlock(path: string, language: string): string {
  const found = [...readFileSync(path, 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))];
  const [block] = found;
  if (block?.[1] === undefined || found.length > 1) throw new Error(`${path} has ${found.length} blocks of ${language}, not one`);
  return block[1];
}
