import type { Context } from 'hono';
import type { SimulatorEnv } from '../env';
import type { World } from '../world/world';
import { exchangeCode } from './exchangeCode';
import type { App, TokenPair } from './grant';
import { refreshGrant } from './refreshGrant';
import { TokenRefused } from './tokenErrors';
import { tokenBody } from './tokenPair';

/** POST /v3/oauth2/token and its v2 alias: one endpoint, one state (dexcom-api.md §1.3, §8.1). */
export async function answerToken(c: Context<SimulatorEnv>) {
  const { world } = c.var;
  try {
    const form = await readForm(c);
    const pair = grantTokens(c, authenticate(world, form), form);
    c.header('cache-control', 'no-store');
    return c.json(tokenBody(pair, world.state.settings, world.now()));
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    const { code, description } = error;
    const body = { error: code, ...(description === undefined ? {} : { error_description: description }) };
    return c.json(body, code === 'invalid_client' ? world.state.settings.invalidClientStatus : 400);
  }
}

function grantTokens(c: Context<SimulatorEnv>, app: App, form: URLSearchParams): TokenPair {
  const { world } = c.var;
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return exchangeCode(world, app, form);
    case 'refresh_token': {
      const { pair, rotationId } = refreshGrant(world, app, form);
      c.set('rotationId', rotationId);
      return pair;
    }
    case null:
      throw new TokenRefused('invalid_request', 'grant_type is missing');
    default:
      throw new TokenRefused('unsupported_grant_type');
  }
}

/** Form bodies only, as the official schema says. */
async function readForm(c: Context<SimulatorEnv>): Promise<URLSearchParams> {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') throw new TokenRefused('invalid_request', 'Send a form');
  return new URLSearchParams(await c.req.text());
}

/** Credentials stand in the body: Basic is not understood, so a client that relies on it is a stranger (§8.5). */
function authenticate({ state }: World, form: URLSearchParams): App {
  const app = state.apps.get(form.get('client_id') ?? '');
  if (!app || form.get('client_secret') !== app.clientSecret)
    throw new TokenRefused('invalid_client', 'Invalid client or client credentials');
  return app;
}
