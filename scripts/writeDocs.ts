import { writeFileSync } from 'node:fs';
import { withParts } from './docs/parts';
import { readTree } from './tree';

/** `npm run write-docs`: writes the parts of the documents that are the code's own words. */
for (const { path, text } of readTree()) {
  if (!path.startsWith('docs/') || !path.endsWith('.md')) continue;
  const written = withParts(text);
  if (written === text) continue;
  writeFileSync(path, written);
  console.log(`wrote ${path}`);
}
