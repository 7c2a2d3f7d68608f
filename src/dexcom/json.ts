import { DexcomError } from './errors';
import type { DexcomResponse } from './http';

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

// Half of a surrogate pair: JSON can write it, UTF-8 and so the database cannot, and a word with it would look changed at every look.
const HALF_A_CHARACTER = /\p{Surrogate}/gu;
const NOT_A_CHARACTER = '\ufffd';

/** Every text in it is well formed. @returns undefined for what is no JSON object */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = text.includes('\\u') ? JSON.parse(text, wellFormed) : JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const wellFormed = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? value.replace(HALF_A_CHARACTER, NOT_A_CHARACTER) : value;

/** The body of a successful answer. @throws DexcomError `garbage`, without a word of it: V8's own message would quote it */
export function objectIn({ status, text }: DexcomResponse, name: string): JsonObject {
  const object = parseObject(text);
  if (!object) throw new DexcomError('garbage', `Dexcom answered ${name} with ${status} and something else than a JSON object`, status);
  return object;
}
