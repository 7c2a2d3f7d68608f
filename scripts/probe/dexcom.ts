/** The Dexcom that is asked, and the app that asks. */
export interface ProbedApp {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  /** Null if it is none. */
  readonly json: Readonly<Record<string, unknown>> | null;
}

/** Dexcom's API with nothing of the engine's between: each answer as it came. */
export interface Dexcom {
  get(path: string, query?: Readonly<Record<string, string>>, accessToken?: string): Promise<Answer>;
  token(form: Readonly<Record<string, string>>): Promise<Answer>;
}

const PATIENCE_MS = 60_000;

/** Where somebody signs in for the app. */
export const signInUrl = ({ baseUrl, clientId, redirectUri }: ProbedApp): string =>
  `${baseUrl}/v3/oauth2/login?${new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'offline_access',
    state: 'probe',
  })}`;

/** Spends a code. @throws Error with the status if there is no access token in the answer */
export async function signedIn(app: ProbedApp, code: string): Promise<Dexcom> {
  const { clientId: client_id, clientSecret: client_secret, redirectUri: redirect_uri } = app;
  const form = { grant_type: 'authorization_code', code, redirect_uri, client_id, client_secret };
  const { status, json } = await post(app, form);
  const granted = json?.['access_token'];
  if (typeof granted !== 'string') throw new Error(`Dexcom gave no tokens for the code: ${status} ${String(json?.['error'] ?? '')}`);
  return {
    token: (given) => post(app, given),
    get: (path, query = {}, accessToken = granted) =>
      answered(`${app.baseUrl}/v3/users/self/${path}?${new URLSearchParams(query)}`, {
        headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
      }),
  };
}

const post = ({ baseUrl }: ProbedApp, form: Readonly<Record<string, string>>): Promise<Answer> =>
  answered(`${baseUrl}/v3/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });

async function answered(url: string, request: RequestInit): Promise<Answer> {
  const response = await fetch(url, { ...request, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
  const text = await response.text();
  return { status: response.status, contentType: response.headers.get('content-type') ?? 'none', text, json: objectIn(text) };
}

function objectIn(text: string): Answer['json'] {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
