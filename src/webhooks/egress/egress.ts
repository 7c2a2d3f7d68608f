import { Agent, type Dispatcher } from 'undici';
import { type ConnectionLookup, publicLookup, type Resolve } from '../../egress/checkedLookup';
import { EgressRefused } from '../../egress/egressRefused';
import { nameServers } from '../../egress/nameServers';
import { HTTPS_PORTS, parseEndpointUrl } from './endpointUrl';

const CONNECT_TIMEOUT_MS = 5_000;

/** Where webhooks may go: https to the public internet, and what the operator allows by name. */
export interface Egress {
  /** For a registration. A name that cannot be resolved now passes: every delivery looks again. @throws EgressRefused */
  check(url: string): Promise<void>;
  /** For one delivery. Connections of this dispatcher go to addresses that were checked, never to others a second look-up might give. @throws EgressRefused */
  route(url: string): { readonly url: URL; readonly dispatcher: Dispatcher };
  close(): Promise<void>;
}

/**
 * @param allowedHosts `host` or `host:port`, lower case: private addresses, plain http and any port are fine there
 * @param ports of all other hosts
 */
export function createEgress(
  allowedHosts: readonly string[],
  { ports = HTTPS_PORTS, resolve = nameServers() }: { readonly ports?: readonly number[]; readonly resolve?: Resolve } = {},
): Egress {
  const lookup = publicLookup(resolve);
  const open = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS } });
  const guarded = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS, lookup } });

  return {
    async check(text) {
      const { url, trusted } = parseEndpointUrl(text, { hosts: allowedHosts, ports });
      if (!trusted) await checkName(url.hostname, lookup);
    },

    route(text) {
      const { url, trusted } = parseEndpointUrl(text, { hosts: allowedHosts, ports });
      return { url, dispatcher: trusted ? open : guarded };
    },

    close: async () => {
      await Promise.all([open.close(), guarded.close()]);
    },
  };
}

function checkName(hostname: string, lookup: ConnectionLookup): Promise<void> {
  const name = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    lookup(name, { all: true }, (error) => (error instanceof EgressRefused ? reject(error) : resolve()));
  });
}
