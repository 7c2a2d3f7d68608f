import type { LedgerReading } from '../../simulator/ledger/ledgerReading';
import { PROVIDER } from './method';

/** What a value must be where the tests do not know it to the letter; jest asks `asymmetricMatch`. */
const fact = (what: string, holds: (value: unknown) => boolean) => ({ asymmetricMatch: holds, toString: () => what });

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const uuid = expect.stringMatching(UUID);

const HOUR_MS = 3_600_000;

/** Parsed to a Date of this very hour: what the tests themselves have brought about. */
export const lately = fact('a date of the last hour', (value) => value instanceof Date && Math.abs(Date.now() - value.getTime()) < HOUR_MS);

/** The contract's instants are whole seconds. */
export const theSecondOf = (at: number) =>
  fact(`the second of ${new Date(at).toISOString()}`, (value) => value instanceof Date && value.getTime() === Math.floor(at / 1000) * 1000);

/** `{}`, and nothing in it. */
export const empty = fact('an empty object', (value) => typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/** What is still to be read, or nothing any more. */
export const allOrNone = (words: readonly string[]) =>
  fact(`${words.join(', ')}, or none`, (value) => Array.isArray(value) && (value.length === 0 || value.join() === words.join()));

export const atLeast = (least: number) => fact(`${least} at least`, (value) => typeof value === 'number' && value >= least);

/** A signed token that says this of itself. */
export const tokenThatSays = (claims: Readonly<Record<string, unknown>>) =>
  fact(`a token that says ${JSON.stringify(claims)}`, (value) => {
    const said = JSON.parse(Buffer.from(String(value).split('.')[1] ?? '', 'base64url').toString() || '{}');
    return Object.entries(claims).every(([name, claim]) => said[name] === claim);
  });

export const dexcom = { name: 'Dexcom', slug: PROVIDER, logo: expect.stringMatching(/^https:/) };

/** mg/dL over the molar mass of glucose, to the five decimals that the decisions promise. */
const toMmolPerL = (mgPerDl: number): number => Math.round((mgPerDl / 18.01559) * 1e5) / 1e5;

/** One of Dexcom's readings as both clients must give it. */
export const sampleOf = ({ systemTime, mgPerDl, trend, recordId }: LedgerReading) => ({
  timestamp: new Date(systemTime),
  unit: 'mmol/L',
  value: mgPerDl === null ? expect.any(Number) : toMmolPerL(mgPerDl),
  value_mg_per_dl: mgPerDl,
  trend,
  record_id: recordId,
});
