import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { SimulatorEnv } from '../env';
import { type AuthorizeRequest, checkAuthorize, redirectBack } from './authorizeRequest';
import { loginPage, refusalPage } from './loginPage';

/** GET: the page. */
export function showLogin(c: Context<SimulatorEnv>) {
  const { world } = c.var;
  const asked = checkAuthorize(world.state, c.req.query());
  if ('shown' in asked) return c.html(refusalPage(asked.shown), 400);
  if ('error' in asked) return c.redirect(redirectBack(asked.redirectUri, { error: asked.error, state: asked.state }));
  c.set('clientId', asked.app.clientId);
  return c.html(loginPage(asked, [...world.state.people.keys()]));
}

/** POST: the page's form comes back, decided. */
export async function decideLogin(c: Context<SimulatorEnv>) {
  const { world } = c.var;
  const form = Object.fromEntries(new URLSearchParams(await c.req.text()));
  const asked = checkAuthorize(world.state, form);
  if ('shown' in asked) return c.html(refusalPage(asked.shown), 400);
  const { redirectUri, state } = asked;
  if ('error' in asked) return c.redirect(redirectBack(redirectUri, { error: asked.error, state }));
  c.set('clientId', asked.app.clientId);

  const { person, decision } = form;
  if (person === undefined || !world.state.people.has(person)) return c.html(refusalPage('Nobody here has that name'), 400);
  c.set('personId', person);
  if (decision === 'refuse') return c.redirect(redirectBack(redirectUri, { error: 'access_denied', state }));
  if (decision !== 'approve') return c.html(refusalPage('The form was sent without a decision'), 400);
  return c.redirect(redirectBack(redirectUri, { code: issueCode(c, asked, person), state }));
}

function issueCode({ var: { world } }: Context<SimulatorEnv>, { app, redirectUri }: AuthorizeRequest, personId: string): string {
  const code = `${world.state.settings.codePrefix}_${randomUUID()}.${randomUUID()}.${randomUUID()}`;
  world.record({ kind: 'codeIssued', code: { code, clientId: app.clientId, personId, redirectUri, issuedAt: world.now(), usedAt: null } });
  return code;
}
