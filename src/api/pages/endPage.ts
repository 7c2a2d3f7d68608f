import { html } from 'hono/html';
import type { LinkOutcome } from '../../connect/linkOutcome';
import { layout, type Page } from './layout';

/** Where connecting ends if the app has no page for it. */
export const endPage = (outcome: LinkOutcome, retryUrl: string | null): Page =>
  outcome.state === 'success'
    ? layout(
        'Connected',
        html`<p role="status">Your Dexcom account is connected. Your readings are on their way; you can close this window.</p>`,
      )
    : layout(
        'Not connected',
        html`<p role="alert">${outcome.error}</p>
          ${retryUrl === null ? '' : html`<p><a class="action" href="${retryUrl}">Try again</a></p>`}`,
      );
