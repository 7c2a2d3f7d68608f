import { z } from 'zod';
import { isDexcomRegion } from '../dexcom/region';
import type { CallLimits } from '../quota/createCallGate';
import { parts } from './values';

/** Dexcom takes 60,000 (dexcom-api.md §3.1); a tenth is for clocks that differ and whatever else asks with the same credentials. */
export const CALLS_PER_HOUR = '54000';
const LEAST = 10;

/** `<calls>`, `<region>:<client id>:<calls>`, several separated by commas; of any other app the default. */
export function callsPerHour(value: string, context: z.RefinementCtx): CallLimits {
  const given = parts(value).map((part) => {
    const [, region, clientId = '', calls = ''] = /^(?:(\w+):([^:]+):)?(\d{1,9})$/.exec(part) ?? [];
    return { region, clientId, callsPerHour: Number(calls) };
  });
  const apps = given.flatMap(({ region, ...app }) => (region !== undefined && isDexcomRegion(region) ? [{ region, ...app }] : []));
  const others = given.filter(({ region }) => region === undefined);
  const isWhole = others.length <= 1 && apps.length + others.length === given.length;
  if (isWhole && given.every((app) => app.callsPerHour >= LEAST))
    return { others: others[0]?.callsPerHour ?? Number(CALLS_PER_HOUR), apps };
  context.addIssue({ code: 'custom', message: `is not <calls> or <region>:<client id>:<calls>, ${LEAST} at least` });
  return z.NEVER;
}
