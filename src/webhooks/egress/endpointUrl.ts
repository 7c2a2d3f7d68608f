import { isIP } from 'node:net';
import { EgressRefused } from '../../egress/egressRefused';
import { parseUrl } from '../../egress/parseUrl';
import { isPublicAddress } from '../../egress/publicAddresses';

/** Where web servers listen. Other ports of somebody's host are not ours to knock at, unless the operator says so. */
export const HTTPS_PORTS: readonly number[] = [443, 8443];

const LONGEST_URL = 2_048;

/** A URL we may talk to as far as its text tells. `trusted`: the operator named its host, so any address, any port and plain http are fine. */
export interface EndpointUrl {
  readonly url: URL;
  readonly trusted: boolean;
}

/** What the operator lets through. */
export interface AllowedEndpoints {
  /** `host` or `host:port`, lower case. */
  readonly hosts: readonly string[];
  /** Of hosts that are not named. */
  readonly ports: readonly number[];
}

/** @throws EgressRefused */
export function parseEndpointUrl(text: string, { hosts, ports }: AllowedEndpoints): EndpointUrl {
  if (text.length > LONGEST_URL) throw new EgressRefused(`is longer than ${LONGEST_URL} characters`);
  const url = parseUrl(text);
  if (!url) throw new EgressRefused('is not a URL');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new EgressRefused('is not an https URL');
  if (url.username || url.password) throw new EgressRefused('holds credentials: the signature tells who calls');

  // A URL leaves out the port that is its protocol's; whoever allows one may have written it.
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const trusted = hosts.includes(url.hostname) || hosts.includes(`${url.hostname}:${port}`);
  if (trusted) return { url, trusted };
  if (url.protocol !== 'https:') throw new EgressRefused('is not an https URL, and its host is not on the allow-list');
  const address = addressIn(url);
  if (address !== null && !isPublicAddress(address)) throw new EgressRefused('is an address outside the public internet');
  if (!ports.includes(Number(port))) throw new EgressRefused(`has the port ${port}, which is none of ${ports.join(', ')}`);
  return { url, trusted };
}

/** `127.1` and `0x7f000001` are `127.0.0.1` by the time the URL has been parsed. */
function addressIn({ hostname }: URL): string | null {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? null : bare;
}
