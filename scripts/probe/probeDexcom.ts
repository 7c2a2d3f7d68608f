import { type ProbedApp, signedIn } from './dexcom';
import { newestEgv } from './egvs';
import { errorBodies } from './errorBodies';
import type { Finding, Probe } from './finding';
import { invalidClient } from './invalidClient';
import { lastSyncTime } from './lastSyncTime';
import { order } from './order';
import { recordType } from './recordType';
import { windowEnd } from './windowEnd';
import { windowZ } from './windowZ';

const PROBES: readonly Probe[] = [windowEnd, order, errorBodies, lastSyncTime, recordType, windowZ, invalidClient];

/** Settles what can be settled with one person's account in some twenty calls, none of which changes anything. @throws Error if the code is refused */
export async function probeDexcom(app: ProbedApp, code: string): Promise<readonly Finding[]> {
  const dexcom = await signedIn(app, code);
  const known = { newest: await newestEgv(dexcom), app };
  const findings: Finding[] = [];
  // One after the other: a limit that is met would be met by all.
  for (const probe of PROBES) findings.push(await probe(dexcom, known));
  return findings;
}
