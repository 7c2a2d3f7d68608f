import { hash } from 'node:crypto';

/** A record as it goes out; an oddity may do anything to it. */
export type LooseRecord = Readonly<Record<string, unknown>>;

/** One way in which real answers are not as documented: the records of one answer in, the odd ones out. Depends on the records alone. */
export type Oddity = (records: readonly LooseRecord[]) => readonly LooseRecord[];

/** @returns a number below `of`, the same for the same record in every answer */
export function lot({ recordId }: LooseRecord, of: number, salt: string): number {
  return Number.parseInt(hash('sha1', `${salt} ${String(recordId)}`, 'hex').slice(0, 8), 16) % of;
}
