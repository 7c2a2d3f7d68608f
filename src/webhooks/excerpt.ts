import { z } from 'zod';
import { strikeOut } from './strikeOut';

/** Of a refusal's body, in characters. */
export const EXCERPT_MOST = 4_096;

const STRUCK = '[…]';
const WORD = /[^\s"'<>]+/g;
const EMAIL = /[^@]@[^@]+\.[^@]/;
const CREDENTIAL = /\b(?:whsec_|Bearer |Basic )\S+/gi;
/** Secrets, tokens, ids and hashes: long runs with a digit in them, and longer ones of mixed case. */
const RUN = /[A-Za-z0-9+/_=-]{16,}/g;
const LONG_RUN = 24;
const DIGITS = /\p{Nd}/gu;
/** Control characters but the ends of lines, and what was no text. */
const UNPRINTABLE = /[^\P{C}\n\t]|\uFFFD/gu;

const Named = z.looseObject({ user_id: z.unknown(), client_user_id: z.unknown(), team_id: z.unknown(), data: z.unknown() }).partial();
const Account = z.looseObject({ external_user_id: z.unknown() });

/**
 * What may be kept of what an endpoint has answered to a message. People's receivers echo what they were sent: every digit becomes `#`, so that
 * no value or time is kept, and e-mail addresses, whatever looks like a secret or an id, and the message's own names are struck out, in either
 * case and as JSON and URLs write them.
 * @param sent the message's body
 * @param secrets what else was sent and is nobody's to read
 * @returns null if nothing is left
 */
export function excerptOf(said: string, sent: string, secrets: readonly string[] = []): string | null {
  const text = strikeOut(said.slice(0, EXCERPT_MOST), [...secrets, ...namesIn(sent)], STRUCK)
    .replace(WORD, (word) => (EMAIL.test(word) ? STRUCK : word))
    .replace(CREDENTIAL, STRUCK)
    .replace(RUN, (run) => (looksSecret(run) ? STRUCK : run))
    .replace(DIGITS, '#')
    .replace(UNPRINTABLE, ' ')
    .trim();
  return text === '' ? null : text;
}

const looksSecret = (run: string): boolean => /\d/.test(run) || (run.length >= LONG_RUN && /[a-z]/.test(run) && /[A-Z]/.test(run));

function namesIn(sent: string): readonly string[] {
  const { user_id, client_user_id, team_id, data } = Named.safeParse(parsed(sent)).data ?? {};
  const account = Account.safeParse(data).data?.external_user_id;
  return [client_user_id, user_id, team_id, account].flatMap((name) => (typeof name === 'string' && name !== '' ? [name] : []));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
