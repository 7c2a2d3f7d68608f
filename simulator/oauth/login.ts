import type { Context } from 'hono';
import type { SimulatorEnv } from '../env';
import { approvedAccount } from './approvedAccount';
import { checkAuthorize, redirectBack } from './authorizeRequest';
import { issueCode } from './issueCode';
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
  const account = approvedAccount(world, person);
  if (!world.state.people.has(account)) return c.html(refusalPage(`approvesAs: nobody here is called ${account}`), 400);
  c.set('personId', account);
  return c.redirect(redirectBack(redirectUri, { code: issueCode(world, asked, account), state }));
}
