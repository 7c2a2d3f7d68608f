import { hash } from 'node:crypto';

/** 64 hex digits, one per person and app: two apps cannot tell that they share a person (dexcom-api.md §2.2). */
export const userIdOf = (clientId: string, personId: string): string => hash('sha256', `user ${clientId} ${personId}`, 'hex');

/** @returns names records of one person for one app: version-5 UUIDs over the measurement's key, so stable for ever (§8.20) */
export function recordIds(clientId: string, personId: string): (key: string) => string {
  const namespace = hash('sha256', `records ${clientId} ${personId}`, 'buffer').subarray(0, 16);
  return (key) => {
    const name = Buffer.alloc(16 + Buffer.byteLength(key));
    namespace.copy(name);
    name.write(key, 16);
    const digits = hash('sha1', name, 'hex');
    const variant = ((Number.parseInt(digits.charAt(16), 16) & 0x3) | 0x8).toString(16);
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-5${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
  };
}
