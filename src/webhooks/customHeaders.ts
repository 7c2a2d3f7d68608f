import { z } from 'zod';
import type { Keyring, Sealed } from '../security/keyring';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import { headersPlace } from './sealedPlaces';

/** What an endpoint's owner wants sent along: names in lower case, and values that may be secrets. */
export type CustomHeaders = Readonly<Record<string, string>>;

export const MOST_HEADERS = 50;
const LONGEST_HEADER = 4_096;
/** Names and values together; servers often end a request's headers at 8 kB, and ours come on top. */
export const MOST_HEADERS_TEXT = 6_000;

const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]{1,128}$/;
/** Printable ASCII; spaces and tabs within. */
const VALUE = /^[!-~]([\t -~]*[!-~])?$/;
/** What we say ourselves, and what belongs to the connection. */
const OURS =
  /^(host|user-agent|date|connection|keep-alive|upgrade|expect|te|trailer|transfer-encoding|accept-encoding|(content|webhook|svix|proxy)-.*)$/;

/** @returns what is wrong with a header, null if it may be sent along */
export function headerProblem(name: string, value: string): string | null {
  const known = name.toLowerCase();
  if (!NAME.test(known)) return 'Not the name of a header';
  if (OURS.test(known)) return 'It is ours, or the connection’s';
  if (value.length > LONGEST_HEADER) return `Longer than ${LONGEST_HEADER} characters`;
  return VALUE.test(value) ? null : 'Not printable ASCII that neither begins nor ends with a space';
}

const Stored = z.record(z.string(), z.string());

export function sealHeaders(keyring: Keyring, endpointId: string, headers: CustomHeaders): Sealed | null {
  if (Object.keys(headers).length === 0) return null;
  return keyring.seal(JSON.stringify(headers), headersPlace(endpointId));
}

/** @throws if they cannot be opened */
export const openHeaders = (keyring: Keyring, { _id, headers }: WebhookEndpointDoc): CustomHeaders =>
  headers === null ? {} : Stored.parse(JSON.parse(keyring.open(headers, headersPlace(_id))));
