import { createHash } from 'node:crypto';

/**
 * Version-5 UUID (RFC 9562) of a name: the same for the same name, for ever, and no way back to it.
 * @param namespace 32 hex digits, of its own for each kind of id; never change one: it is how what is there is found again
 */
export function nameUuid(namespace: string, name: readonly (string | null)[]): string {
  const hash = createHash('sha1').update(Buffer.from(namespace, 'hex')).update(JSON.stringify(name)).digest();
  const bytes = hash.subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
