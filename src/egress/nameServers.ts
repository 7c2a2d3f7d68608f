import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Resolve } from './checkedLookup';

/** Of one question to one server, twice as long for the second: together less than a connection may take. */
const PATIENCE = { timeout: 1_000, tries: 2 };
/** Never a question for a name server (RFC 6761). */
const LOCALHOST = /(^|\.)localhost\.?$/i;
const LOOPBACK: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/**
 * Asks name servers for a name that a stranger has chosen. The system's own look-up would hold one of the process's four threads for as long as
 * that name's servers are silent, and Dexcom's names would wait behind it. Hosts files and search domains have no say here.
 * @param servers `address:port`; the system's if they are left out, as they are when it asks
 */
export const nameServers =
  (servers?: readonly string[]): Resolve =>
  (hostname, _, found) => {
    addressesOf(hostname, servers).then(
      (addresses) => found(null, addresses),
      (error: Error) => found(error, []),
    );
  };

async function addressesOf(hostname: string, servers: readonly string[] | undefined): Promise<LookupAddress[]> {
  const family = isIP(hostname);
  if (family !== 0) return [{ address: hostname, family }];
  if (LOCALHOST.test(hostname)) return [...LOOPBACK];

  const resolver = new Resolver(PATIENCE);
  if (servers) resolver.setServers(servers);
  const [ipv4, ipv6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  const addresses = [...found(ipv4, 4), ...found(ipv6, 6)];
  if (addresses.length === 0 && ipv4.status === 'rejected') throw ipv4.reason;
  return addresses;
}

/** One family may be missing, or not be answered for. */
const found = (asked: PromiseSettledResult<string[]>, family: 4 | 6): LookupAddress[] =>
  asked.status === 'rejected' ? [] : asked.value.map((address) => ({ address, family }));
