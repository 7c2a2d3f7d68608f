import { isIPv6 } from 'node:net';

/** The lowest address of `network/prefix`. */
export const firstOf = (range: string): string => edges(range)[0];

/** The highest. */
export const lastOf = (range: string): string => edges(range)[1];

function edges(range: string): readonly [string, string] {
  const [network = '', prefix] = range.split('/');
  const bits = isIPv6(network) ? 128 : 32;
  const first = toNumber(network);
  return [toText(first, bits), toText(first + (1n << BigInt(bits - Number(prefix))) - 1n, bits)];
}

function toNumber(address: string): bigint {
  if (!isIPv6(address)) return address.split('.').reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const [left = [], right = []] = address.split('::').map((side) => side.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

function toText(value: bigint, bits: 32 | 128): string {
  const [width, radix, separator] = bits === 32 ? ([8, 10, '.'] as const) : ([16, 16, ':'] as const);
  const part = (fromTheLeft: number): bigint => (value >> BigInt(bits - width * (fromTheLeft + 1))) & ((1n << BigInt(width)) - 1n);
  return Array.from({ length: bits / width }, (_, n) => part(n).toString(radix)).join(separator);
}
