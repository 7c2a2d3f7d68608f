import { hash } from 'node:crypto';
import type { RegionName } from '../world/regions';

/** 64 hex digits, one per person, app and region: two apps cannot tell that they share a person, nor can two regions (dexcom-api.md §1.1, §2.2). */
export function userIdOf(clientId: string, personId: string, region: RegionName | null): string {
  const account = region === null ? personId : `${personId} in ${region}`;
  return hash('sha256', `user ${clientId} ${account}`, 'hex');
}

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
