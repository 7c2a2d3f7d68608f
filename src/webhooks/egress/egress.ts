import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { Agent, type Dispatcher } from 'undici';
import { EgressRefused, parseEndpointUrl } from './endpointUrl';
import { isPublicAddress } from './specialAddresses';

const CONNECT_TIMEOUT_MS = 5_000;

/** Where webhooks may go: https to the public internet, and what the operator allows by name. */
export interface Egress {
  /** For a registration. A name that cannot be resolved now passes: every delivery looks again. @throws EgressRefused */
  check(url: string): Promise<void>;
  /** For one delivery. Connections of this dispatcher go to addresses that were checked, never to others a second look-up might give. @throws EgressRefused */
  route(url: string): { readonly url: URL; readonly dispatcher: Dispatcher };
  close(): Promise<void>;
}

/** @param allowedHosts `host` or `host:port`, lower case: private addresses and plain http are fine there */
export function createEgress(allowedHosts: readonly string[]): Egress {
  const open = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS } });
  const guarded = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS, lookup: lookupPublic } });

  return {
    async check(text) {
      const { url, trusted } = parseEndpointUrl(text, allowedHosts);
      if (!trusted) await checkName(url.hostname);
    },

    route(text) {
      const { url, trusted } = parseEndpointUrl(text, allowedHosts);
      return { url, dispatcher: trusted ? open : guarded };
    },

    close: async () => {
      await Promise.all([open.close(), guarded.close()]);
    },
  };
}

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** Stands between a connection and the resolver: all of a name's addresses are public, or none is used. */
function lookupPublic(hostname: string, options: LookupOptions, done: LookupCallback): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error || !first) done(error ?? new Error(`${hostname} has no address`), []);
    else if (!addresses.every(({ address }) => isPublicAddress(address))) done(outside(), []);
    else if (options.all) done(null, addresses);
    else done(null, first.address, first.family);
  });
}

function checkName(hostname: string): Promise<void> {
  const name = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    lookupPublic(name, { all: true }, (error) => (error instanceof EgressRefused ? reject(error) : resolve()));
  });
}

const outside = (): EgressRefused => new EgressRefused('leads to an address outside the public internet');
