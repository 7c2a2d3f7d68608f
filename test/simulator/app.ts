import { REDIRECT_URI, type Simulator, startSimulator } from '../simulator';

/** What the token endpoint said, unread. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface EgvRecord {
  readonly recordId: string;
  readonly systemTime: string;
  readonly displayTime: string;
  readonly value: number;
  readonly status: string | null;
  readonly trend: string | null;
  readonly trendRate: number | null;
  readonly transmitterId: string;
  readonly transmitterTicks: number;
}

/** Nobody lives there yet, and its clock stands, ten minutes after it began. */
export async function stoppedSimulator(clock = '2026-06-01T12:30:00Z'): Promise<{ readonly simulator: Simulator; readonly now: number }> {
  const simulator = await startSimulator({ people: 0, clock });
  const to = new Date(Date.parse(clock) + 600_000).toISOString();
  const { now } = await simulator.control.clock({ rate: 0, to });
  return { simulator, now };
}

/** The smallest possible app, which knows nothing but the contract's URLs. */
export const authorizeUrl = ({ url, clientId }: Simulator, change: Record<string, string> = {}): string =>
  `${url}/v2/oauth2/login?${new URLSearchParams({
    client_id: clientId,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: 'offline_access',
    state: 'an app’s state & more',
    ...change,
  })}`;

export async function codeFor(simulator: Simulator, personId: string): Promise<string> {
  const location = await simulator.approve(authorizeUrl(simulator), personId);
  return new URL(location).searchParams.get('code') ?? '';
}

export async function postToken({ url, clientId, clientSecret }: Simulator, fields: Record<string, string>): Promise<Answer> {
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields });
  return read(await fetch(`${url}/v3/oauth2/token`, { method: 'POST', body }));
}

export const exchange = (simulator: Simulator, code: string): Promise<Answer> =>
  postToken(simulator, { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI });

export const refresh = (simulator: Simulator, refreshToken: string): Promise<Answer> =>
  postToken(simulator, { grant_type: 'refresh_token', refresh_token: refreshToken });

export interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

export const tokensIn = ({ body }: Answer): Tokens => ({ access: String(body.access_token), refresh: String(body.refresh_token) });

export async function connect(simulator: Simulator, personId: string): Promise<Tokens> {
  return tokensIn(await exchange(simulator, await codeFor(simulator, personId)));
}

export async function get({ url }: Simulator, { access }: Tokens, path: string): Promise<Answer> {
  return read(await fetch(`${url}/v3/users/self/${path}`, { headers: { authorization: `Bearer ${access}` } }));
}

/** @param from, to Unix milliseconds; sent in whole seconds as the contract wants */
export const egvsPath = (from: number, to: number): string => `egvs?startDate=${bare(from)}&endDate=${bare(to)}`;

export async function egvs(simulator: Simulator, tokens: Tokens, from: number, to: number): Promise<EgvRecord[]> {
  const { status, text } = await get(simulator, tokens, egvsPath(from, to));
  if (status !== 200) throw new Error(`egvs answered ${status}: ${text}`);
  const { records }: { records: EgvRecord[] } = JSON.parse(text);
  return records;
}

const bare = (at: number): string => new Date(at).toISOString().slice(0, 19);

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, text, body: parsed(text) };
}

function parsed(text: string): Answer['body'] {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
