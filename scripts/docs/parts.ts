import { eventExamples, thinExample } from './eventExamples';
import { probeTable, refusalTable } from './waits';

/** What documents tell of the code in the code's own words: the text of each part, by the name in its marks. */
export const parts: Readonly<Record<string, () => string>> = {
  events: eventExamples,
  'thin-event': thinExample,
  'waits-of-an-endpoint': probeTable,
  'waits-of-a-message': refusalTable,
};

const MARKED = /(<!-- written by npm run write-docs: ([\w-]+) -->\n)(.*?)(<!-- end -->)/gs;

/** The names in a document's marks. */
export const partsIn = (text: string): readonly string[] => [...text.matchAll(MARKED)].map(({ 2: name = '' }) => name);

/** The document with each of its parts as the code has it now; one whose name nobody knows stays as it is. */
export const withParts = (text: string): string =>
  text.replace(MARKED, (whole, begin: string, name: string, _was: string, end: string) => {
    const part = parts[name];
    return part ? `${begin}\n${part()}\n\n${end}` : whole;
  });
