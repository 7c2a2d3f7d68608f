import { html } from 'hono/html';
import type { AuthorizeRequest } from './authorizeRequest';

const MOST_LISTED = 200;

/** Who are you, and may this app see your readings? As in the sandbox, nobody needs a password (dexcom-api.md §4). */
export const loginPage = ({ app, redirectUri, state }: AuthorizeRequest, people: readonly string[]) => html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Simulated Dexcom</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 4rem auto; padding: 0 1rem; color: #222 }
  select, button { font: inherit; padding: .5rem 1rem; margin: .25rem .5rem .25rem 0 }
</style></head>
<body>
<h1>Simulated Dexcom</h1>
<p><strong>${app.clientId}</strong> asks to read your glucose readings, for as long as you allow.</p>
<form method="post">
  <input type="hidden" name="client_id" value="${app.clientId}">
  <input type="hidden" name="redirect_uri" value="${redirectUri}">
  <input type="hidden" name="response_type" value="code">
  <input type="hidden" name="scope" value="offline_access">
  ${state === undefined ? '' : html`<input type="hidden" name="state" value="${state}">`}
  <p><label>I am ${choice(people)}</label></p>
  <button name="decision" value="approve">Approve</button>
  <button name="decision" value="refuse">Refuse</button>
</form>
</body></html>`;

/** A load test's thousands would make every page a megabyte: they type their name. */
const choice = (people: readonly string[]) =>
  people.length > MOST_LISTED
    ? html`<input name="person" required>`
    : html`<select name="person" required>${people.map((id) => html`<option value="${id}">${id}</option>`)}</select>`;

export const refusalPage = (why: string) => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Simulated Dexcom</title></head><body><h1>This link does not work</h1><p>${why}</p></body></html>`;
