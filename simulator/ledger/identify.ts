import type { Context } from 'hono';
import { bearerToken } from '../data/bearer';
import type { SimulatorEnv } from '../env';
import type { State } from '../world/state';
import type { Call, Endpoint } from './call';

const RECORDS: readonly string[] = ['dataRange', 'egvs', 'events', 'calibrations', 'alerts', 'devices'] satisfies Endpoint[];
type Caller = Pick<Call, 'endpoint' | 'clientId' | 'personId'>;

/** Who calls what, told from the tokens alone, good or spent: for the ledger, and for faults meant for one person. */
export async function identify(c: Context<SimulatorEnv>): Promise<Caller> {
  const endpoint = endpointOf(c.req.path);
  const { state } = c.var.world;
  if (endpoint === 'token') return { endpoint, ...byForm(state, new URLSearchParams(await c.req.text())) };
  return { endpoint, ...byGrant(state, state.accessTokens.get(bearerToken(c) ?? '')?.grantId) };
}

function endpointOf(path: string): Endpoint {
  if (/^\/v[23]\/oauth2\/login$/.test(path)) return 'login';
  if (/^\/v[23]\/oauth2\/token$/.test(path)) return 'token';
  const name = /^\/v3\/users\/self\/(\w+)$/.exec(path)?.[1];
  return isRecords(name) ? name : 'other';
}

const isRecords = (name: string | undefined): name is Endpoint => name !== undefined && RECORDS.includes(name);

function byForm(state: Readonly<State>, form: URLSearchParams): Omit<Caller, 'endpoint'> {
  const clientId = form.get('client_id');
  const code = state.codes.get(form.get('code') ?? '');
  if (code) return { clientId, personId: code.personId };
  return { ...byGrant(state, state.refreshTokens.get(form.get('refresh_token') ?? '')?.grantId), clientId };
}

function byGrant(state: Readonly<State>, grantId: string | undefined): Omit<Caller, 'endpoint'> {
  const grant = state.grants.get(grantId ?? '');
  return { clientId: grant?.clientId ?? null, personId: grant?.personId ?? null };
}
