import type { JunctionClient } from '@junction-api/sdk';
import type { VitalClient } from '@tryvital/vital-node';
import type { Person } from './person';

/** What one call of one client is about. */
export interface World {
  readonly apiUrl: string;
  readonly dexcomUrl: string;
  /** Connected and read; everybody's, so not to be changed before the last methods. */
  readonly person: Person;
  /** Made for this call alone. */
  readonly subject: Subject;
  /** Of the team, all of them made by the tests. */
  readonly userCount: number;
}

export interface Subject {
  readonly userId: string;
  readonly clientUserId: string;
  readonly linkToken: string;
}

/** One method of the official clients, called as an app would. */
export interface Method {
  readonly name: string;
  /** Null: that client has it not. */
  readonly junction: ((client: JunctionClient, world: World) => Promise<unknown>) | null;
  readonly vital: ((client: VitalClient, world: World) => Promise<unknown>) | null;
  /** What the call's parsed values must have, field by field, in the words of both clients. Null: it is refused. */
  readonly gives: ((world: World) => unknown) | null;
}

export const PROVIDER = 'dexcom_v3' as const;
