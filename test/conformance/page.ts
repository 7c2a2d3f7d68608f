import type { Result } from './result';

/** One method's results, client by client; null: that client has it not. */
export interface Row {
  readonly name: string;
  readonly junction: Result | null;
  readonly vital: Result | null;
}

export const PAGE = 'docs/compatibility.md';

/** The page that says what each method of the official clients comes to. */
export const compatibilityPage = (rows: readonly Row[]): string => `# Compatibility

What those methods of Vital's official clients come to that have to do with a Dexcom account, when the client is pointed at Continuo. Written by
\`test/conformance\`, which calls each of them against the running engine and holds this page to what it saw; \`WRITE_COMPATIBILITY=1 npx jest
test/conformance\` writes it anew. The clients' other methods (of 205 and 197 in all: summaries, other timeseries, laboratory tests, who a person is)
are not listed, nor called through the clients: \`test/api/notOffered.test.ts\` reads every request they can send from their code, sends it, and sees
that it is answered, or refused with a sentence that says what there is instead.

\`works\`: the client returns parsed values, and they are what is known to be so: the ids, the statuses, the readings of the simulated account.
Otherwise the sentence with which it is refused, as a 400 in the contract's shape.

| method | \`@junction-api/sdk\` 1.3.0 | \`@tryvital/vital-node\` 3.1.551 |
|---|---|---|
${rows.map(({ name, junction, vital }) => `| \`${name}\` | ${junction ?? '–'} | ${same(junction, vital)} |`).join('\n')}
`;

/** A long sentence is not told twice. */
const same = (junction: Result | null, vital: Result | null): string => {
  if (vital === null) return '–';
  return vital === junction && vital !== 'works' ? 'refused likewise' : vital;
};
