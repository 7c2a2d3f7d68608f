import type { State } from '../world/state';
import type { App } from './grant';

/** What an app's authorize link asks for, checked. */
export interface AuthorizeRequest {
  readonly app: App;
  readonly redirectUri: string;
  readonly state: string | undefined;
}

/** Why a link cannot be followed: shown on our page, or sent back to the app once its redirect is known to be its own. */
export type AuthorizeRefusal =
  | { readonly shown: string }
  | { readonly redirectUri: string; readonly state: string | undefined; readonly error: string };

/** dexcom-api.md §1.2: an unknown client or redirect never leads anywhere. */
export function checkAuthorize(state: Readonly<State>, query: Record<string, string | undefined>): AuthorizeRequest | AuthorizeRefusal {
  const app = state.apps.get(query.client_id ?? '');
  if (!app) return { shown: 'Unknown client_id' };
  const redirectUri = query.redirect_uri;
  if (redirectUri === undefined || !app.redirectUris.includes(redirectUri))
    return { shown: 'redirect_uri is not one registered for this app' };

  const answer = { redirectUri, state: query.state };
  if (query.response_type !== 'code') return { ...answer, error: 'unsupported_response_type' };
  if (query.scope !== 'offline_access') return { ...answer, error: 'invalid_scope' };
  return { app, ...answer };
}

/** @returns the app's redirect with the answer added, as the query's last part */
export function redirectBack(redirectUri: string, answer: Record<string, string | undefined>): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(answer)) if (value !== undefined) url.searchParams.append(name, value);
  return url.toString();
}
