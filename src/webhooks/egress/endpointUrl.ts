import { isIP } from 'node:net';
import { isPublicAddress } from './specialAddresses';

/** We do not talk to that address. The message says why, and is fit for whoever registered it. */
export class EgressRefused extends Error {
  override readonly name = 'EgressRefused';
}

const LONGEST_URL = 2_048;

/** A URL we may talk to as far as its text tells. `trusted`: the operator named its host, so any address and plain http are fine. */
export interface EndpointUrl {
  readonly url: URL;
  readonly trusted: boolean;
}

/**
 * @param allowedHosts `host` or `host:port`, lower case
 * @throws EgressRefused
 */
export function parseEndpointUrl(text: string, allowedHosts: readonly string[]): EndpointUrl {
  if (text.length > LONGEST_URL) throw new EgressRefused(`is longer than ${LONGEST_URL} characters`);
  if (!URL.canParse(text)) throw new EgressRefused('is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new EgressRefused('is not an https URL');
  if (url.username || url.password) throw new EgressRefused('holds credentials: the signature tells who calls');

  const trusted = allowedHosts.includes(url.host) || allowedHosts.includes(url.hostname);
  if (trusted) return { url, trusted };
  if (url.protocol !== 'https:') throw new EgressRefused('is not an https URL, and its host is not on the allow-list');
  const address = addressIn(url);
  if (address !== null && !isPublicAddress(address)) throw new EgressRefused('is an address outside the public internet');
  return { url, trusted };
}

/** `127.1` and `0x7f000001` are `127.0.0.1` by the time the URL has been parsed. */
function addressIn({ hostname }: URL): string | null {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? null : bare;
}
