import { z } from 'zod';

/** Of a refusal's body, in characters. */
export const EXCERPT_MOST = 4_096;

const STRUCK = '[…]';
const EMAIL = /[^\s"'<>@]+@[^\s"'<>@]+\.[^\s"'<>@]+/g;
const CREDENTIAL = /\b(?:whsec_|Bearer |Basic )\S+/gi;
/** Secrets, tokens, ids and hashes: long runs with a digit in them, and longer ones of mixed case. */
const RUN = /[A-Za-z0-9+/_=-]{16,}/g;
const LONG_RUN = 24;
const DIGITS = /\p{Nd}/gu;
/** What means something in a pattern. */
const SPECIAL = /[\\^$.*+?()[\]{}|/]/;
/** Control characters but the ends of lines, and what was no text. */
const UNPRINTABLE = /[^\P{C}\n\t]|\uFFFD/gu;

const Named = z.looseObject({ user_id: z.unknown(), client_user_id: z.unknown(), team_id: z.unknown() }).partial();

/**
 * What may be kept of what an endpoint has answered to a message. People's receivers echo what they were sent: every digit becomes `#`, so that
 * no value or time is kept, and e-mail addresses, whatever looks like a secret or an id, and the message's own names are struck out, in either
 * case and as JSON and URLs write them.
 * @param sent the message's body
 * @param secrets what else was sent and is nobody's to read
 * @returns null if nothing is left
 */
export function excerptOf(said: string, sent: string, secrets: readonly string[] = []): string | null {
  let text = said.slice(0, EXCERPT_MOST);
  for (const name of [...secrets, ...namesIn(sent)]) text = text.replace(anyWritingOf(name), STRUCK);
  text = text
    .replace(EMAIL, STRUCK)
    .replace(CREDENTIAL, STRUCK)
    .replace(RUN, (run) => (looksSecret(run) ? STRUCK : run))
    .replace(DIGITS, '#')
    .replace(UNPRINTABLE, ' ')
    .trim();
  return text === '' ? null : text;
}

const looksSecret = (run: string): boolean => /\d/.test(run) || (run.length >= LONG_RUN && /[a-z]/.test(run) && /[A-Z]/.test(run));

function namesIn(sent: string): readonly string[] {
  const { user_id, client_user_id, team_id } = Named.safeParse(parsed(sent)).data ?? {};
  return [client_user_id, user_id, team_id].flatMap((name) => (typeof name === 'string' && name !== '' ? [name] : []));
}

/**
 * Each character in either case, as it is or escaped as in JSON or a URL. No two of these can match the same text, or a name of a few hundred
 * characters would take for ever.
 */
function anyWritingOf(name: string): RegExp {
  const patterns = (name.match(/\\+|[^\\]/gu) ?? []).map((part) =>
    part.startsWith('\\') ? '(?:\\\\|%5c)+' : `(?:${writingsOf(part).join('|')})`,
  );
  return new RegExp(patterns.join(''), 'giu');
}

function writingsOf(character: string): readonly string[] {
  const literal = `\\\\{0,3}${character.replace(SPECIAL, '\\$&')}`;
  const cases = [...new Set([character, character.toLowerCase(), character.toUpperCase()])];
  return [literal, ...cases.flatMap((one) => [inJson(one), inUrl(one)]), ...(character === ' ' ? ['\\+'] : [])];
}

/** In UTF-16, as JSON's escapes are. */
const inJson = (text: string): string =>
  Array.from({ length: text.length }, (_, index) => `\\\\{1,2}u${text.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');

const inUrl = (text: string): string => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
