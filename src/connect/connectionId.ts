import { createHash } from 'node:crypto';

/** Names this kind of id among all version-5 UUIDs; never change it: it is how a reconnecting person finds their data. */
const NAMESPACE = Buffer.from('6f1b9a1c0d7e4c5f9a53b2a7d8e4c610', 'hex');

/** Version-5 UUID (RFC 9562) of one Dexcom account of one user. The account's id is Dexcom's for our app, so it is hashed, not shown. */
export function connectionIdOf(userId: string, provider: string, accountId: string): string {
  const hash = createHash('sha1')
    .update(NAMESPACE)
    .update(JSON.stringify([userId, provider, accountId]))
    .digest();
  const bytes = hash.subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
