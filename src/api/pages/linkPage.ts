import { html } from 'hono/html';
import { layout, type Page } from './layout';

/** Offers to connect. @param urls `connect` leads to Dexcom's sign-in, `cancel` back to the app if it wants to know */
export const linkPage = ({ connect, cancel }: { readonly connect: string; readonly cancel: string | null }): Page =>
  layout(
    'Connect your glucose monitor',
    html`<p>You will sign in at Dexcom and say there that your readings may be shared. Your password stays with Dexcom.</p>
      <ul>
        <li><a class="action" href="${connect}">Connect Dexcom</a></li>
      </ul>
      ${cancel === null ? '' : html`<p class="quiet"><a href="${cancel}">Cancel</a></p>`}`,
  );
