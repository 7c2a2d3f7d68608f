/** The last ones: ids that count something differ there. */
const HASHED_CHARACTERS = 12;

/** A record id as a whole number of 32 bits. Reads a part of it: V8's own hash, which every `Map` asks for, reads all. */
export function shortHash(id: string): number {
  let value = id.length;
  for (let i = Math.max(0, id.length - HASHED_CHARACTERS); i < id.length; i++) value = (Math.imul(value, 31) + id.charCodeAt(i)) | 0;
  return value ^ (value >>> 15);
}
