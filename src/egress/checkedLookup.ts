import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { EgressRefused } from './egressRefused';
import { isPublicAddress } from './publicAddresses';

type Found = (error: Error | null, addresses: LookupAddress[]) => void;

/** Asks for all addresses of a name, as the system's resolver does. */
export type Resolve = (hostname: string, options: LookupOptions & { readonly all: true }, found: Found) => void;

/** What a connection asks for the address it goes to; it keeps the name for SNI and Host. */
export type ConnectionLookup = (
  hostname: string,
  options: LookupOptions,
  done: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
) => void;

/**
 * Stands between a connection and the resolver: all of a name's addresses may be reached, or none is used. The connection goes to one that was
 * looked at, never to another that a second look-up might give. An address in place of a name is never looked up: ask `mayReach` yourself.
 * Its errors are the resolver's, and EgressRefused.
 */
export const checkedLookup =
  (mayReach: (address: string) => boolean, resolve: Resolve = lookup): ConnectionLookup =>
  (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) done(error ?? new Error(`${hostname} has no address`), []);
      else if (!addresses.every(({ address }) => mayReach(address)))
        done(new EgressRefused('leads to an address outside the public internet'), []);
      else if (options.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };

/** For what must lie on the public internet. */
export const publicLookup = (resolve?: Resolve): ConnectionLookup => checkedLookup(isPublicAddress, resolve);
