import { DexcomError } from './errors';
import type { DexcomResponse } from './http';

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** @returns undefined for what is no JSON object */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The body of a successful answer. @throws DexcomError `garbage`, without a word of it: V8's own message would quote it */
export function objectIn({ status, text }: DexcomResponse, name: string): JsonObject {
  const object = parseObject(text);
  if (!object) throw new DexcomError('garbage', `Dexcom answered ${name} with ${status} and something else than a JSON object`, status);
  return object;
}
