/**
 * The URL that a text says, or null.
 *
 * Not `URL.canParse`: in Node 20 and 22 it says no to every URL with a character of Latin-1 beyond ASCII (`https://bücher.example/`) once V8
 * has compiled the code around it, some thousands of calls after the start
 * (https://github.com/AikidoSec/firewall-node/pull/1086). zod's `.url()` asks it too, unless it is given a protocol.
 * `scripts/grit/noCanParse.grit` forbids it until Node 24 is the oldest we run on.
 */
export function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
