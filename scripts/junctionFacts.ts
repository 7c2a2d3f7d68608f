import { readFileSync } from 'node:fs';
import { factsOf } from '../test/api/contractFacts';

/**
 * `tsx scripts/junctionFacts.ts <openapi.json> <where it is from>`: what Junction's public OpenAPI document says of paths, parameters and keys,
 * without its text, as test/api/fixtures/junction.json holds it.
 */
const [path, source] = process.argv.slice(2);
if (!path || !source) throw new Error('Name the OpenAPI document, and where it is from');

const facts = factsOf(JSON.parse(readFileSync(path, 'utf8')));
process.stdout.write(`${JSON.stringify({ source, facts }, null, 2)}\n`);
