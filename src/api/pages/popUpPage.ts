import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import type { LinkOutcome } from '../../connect/linkOutcome';
import { layout, type Page } from './layout';

/** Tells the page that opened this one, which must be of the very origin named; without it, goes where a page of its own would have gone. */
const SCRIPT = `
const { target, message, next } = document.currentScript.dataset;
if (window.opener) {
  window.opener.postMessage(JSON.parse(message), target);
  window.close();
} else if (next) location.replace(next);
`;

/** What its Content-Security-Policy must allow. */
export const popUpScript = `sha256-${createHash('sha256').update(SCRIPT).digest('base64')}`;

export interface PopUpEnd {
  readonly outcome: LinkOutcome;
  /** Origin; nobody else hears of it. */
  readonly opener: string;
  /** Of the app, with the outcome; null: there is none. */
  readonly next: string | null;
}

/** Where connecting ends in a pop-up that `/link.js` has opened. Who has no scripts reads it. */
export function popUpPage({ outcome, opener, next }: PopUpEnd): Page {
  const message = JSON.stringify({ from: 'continuo', ...outcome });
  const text = outcome.state === 'success' ? 'Your Dexcom account is connected. You can close this window.' : outcome.error;
  return layout(
    outcome.state === 'success' ? 'Connected' : 'Not connected',
    html`<p role="status">${text}</p>
      ${next === null ? '' : html`<p><a class="action" href="${next}">Back to the app</a></p>`}
      <script data-target="${opener}" data-message="${message}" data-next="${next ?? ''}">${raw(SCRIPT)}</script>`,
  );
}
