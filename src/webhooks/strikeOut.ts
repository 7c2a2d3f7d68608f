/** A text as it was meant: escapes undone, all in one case, and for each of its characters where in the text it stands written. */
interface Plain {
  readonly text: string;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** A character as JSON escapes it, however often; some as URLs do; any with or without backslashes before it; backslashes. */
const WRITTEN = /\\+u([\da-f]{4})|((?:%[\da-f]{2})+)|\\*([^\\])|\\+/giu;
const LENGTH_IN_URL = '%41'.length;
const SHORTEST_BEGINNING = 8;

/**
 * Strikes names out of a text, in either case, as they are and as JSON and URLs write them. It looks at each character once and not with a pattern
 * for each name: secrets may have thousands of characters, and there may be dozens.
 * @param mark what stands in their place
 */
export function strikeOut(text: string, names: readonly string[], mark: string): string {
  const said = plainOf(text);
  const isStruck = new Uint8Array(text.length);
  for (const name of new Set(names.flatMap((one) => [plainOf(one).text, unescaped(one)]))) {
    if (name === '') continue;
    for (let at = said.text.indexOf(name); at >= 0; at = said.text.indexOf(name, at + 1))
      isStruck.fill(1, said.from[at], said.to[at + name.length - 1]);
    const cut = beginningAtEnd(said.text, name);
    if (cut > 0) isStruck.fill(1, said.from[said.text.length - cut]);
  }

  let left = '';
  for (let i = 0; i < text.length; i++) {
    if (!isStruck[i]) left += text[i];
    else if (!isStruck[i - 1]) left += mark;
  }
  return left;
}

/** How much of a name a text ends with that was cut off there; little proves nothing. */
function beginningAtEnd(text: string, name: string): number {
  for (let length = Math.min(name.length - 1, text.length); length >= SHORTEST_BEGINNING; length--)
    if (text.endsWith(name.slice(0, length))) return length;
  return 0;
}

/** A name in which `%41` means just that. */
const unescaped = (name: string): string => Array.from(name.replaceAll('\\', ''), folded).join('');

function plainOf(text: string): Plain {
  const [from, to]: [number[], number[]] = [[], []];
  let plain = '';
  const add = (character: string, begin: number, end: number): void => {
    const meant = folded(character);
    plain += meant;
    for (let i = 0; i < meant.length; i++) {
      from.push(begin);
      to.push(end);
    }
  };

  for (const { 0: written, 1: code, 2: escapes, 3: character, index } of text.matchAll(WRITTEN)) {
    if (code !== undefined) add(String.fromCharCode(Number.parseInt(code, 16)), index, index + written.length);
    if (character !== undefined) add(character, index, index + written.length);
    if (escapes === undefined) continue;
    for (const { meant, at, length } of charactersOf(Buffer.from(escapes.replaceAll('%', ''), 'hex')))
      add(meant, index + at * LENGTH_IN_URL, index + (at + length) * LENGTH_IN_URL);
  }
  return { text: plain, from, to };
}

/** Of UTF-8, or of what is none. */
function* charactersOf(bytes: Buffer): Iterable<{ readonly meant: string; readonly at: number; readonly length: number }> {
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const wanted = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    const meant = bytes.subarray(at, at + wanted).toString();
    const length = meant.startsWith('\uFFFD') ? 1 : wanted;
    if (meant !== '\\') yield { meant: length === wanted ? meant : '\uFFFD', at, length };
    at += length;
  }
}

/** `+` is a form's space. */
const folded = (character: string): string => (character === '+' ? ' ' : character.toUpperCase().toLowerCase());
