import { html } from 'hono/html';
import { wrongRegion } from '../../connect/wrongRegion';
import type { DexcomRegion } from '../../dexcom/region';
import { layout, type Page } from './layout';

export interface RegionChoice {
  readonly region: DexcomRegion;
  readonly href: string;
}

const REGIONS: Readonly<Record<DexcomRegion, { readonly name: string; readonly who: string }>> = {
  us: { name: 'United States', who: 'Your Dexcom account was made in the United States.' },
  eu: { name: 'Europe and elsewhere', who: 'Your account was made in any country but the United States and Japan.' },
  jp: { name: 'Japan', who: 'Your account was made in Japan.' },
  sandbox: { name: 'Sandbox', who: 'For developers: Dexcom’s people of its own making; no password is asked.' },
  simulator: { name: 'Simulator', who: 'For developers: a Dexcom on this machine with people who do not exist.' },
};

/** Offers to connect. @param page `cancel` leads back to the app if it wants to know */
export const linkPage = ({ choices, cancel }: { readonly choices: readonly RegionChoice[]; readonly cancel: string | null }): Page =>
  layout(
    'Connect your glucose monitor',
    html`<p>You will sign in at Dexcom and say there that your readings may be shared. Your password stays with Dexcom.</p>
      ${choices.length === 1 ? choices.map(onlyChoice) : regionChoice(choices)}
      <p class="quiet">${wrongRegion(choices.map(({ region }) => region))}</p>
      ${cancel === null ? '' : html`<p class="quiet"><a href="${cancel}">Cancel</a></p>`}`,
  );

const onlyChoice = ({ href }: RegionChoice): Page => html`<p><a class="action" href="${href}">Connect Dexcom</a></p>`;

const regionChoice = (choices: readonly RegionChoice[]): Page =>
  html`<h2 id="regions">Where was your Dexcom account made?</h2>
      <ul aria-labelledby="regions">
        ${choices.map(
          ({ region, href }) =>
            html`<li><a class="action" href="${href}" aria-describedby="${region}">${REGIONS[region].name}</a> <span id="${region}">${REGIONS[region].who}</span></li>`,
        )}
      </ul>`;
