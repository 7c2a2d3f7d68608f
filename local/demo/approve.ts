import { decide } from '../../simulator/approve';
import { Problem } from '../problems';

/**
 * Does what a person's browser would: opens the link page, signs in at Dexcom, approves, and follows the way back to the API.
 * @throws Problem with what the last page said if it does not end well
 */
export async function approve(linkUrl: string, person: string): Promise<void> {
  const link = await fetch(linkUrl, { redirect: 'manual' });
  const signIn = link.headers.get('location');
  if (signIn === null) throw notConnected(`the link page answered ${link.status}`, await link.text());

  const back = await fetch(await decide(signIn, person, 'approve'));
  if (!back.ok) throw notConnected(`the way back ended with ${back.status}`, await back.text());
}

const notConnected = (what: string, page: string): Problem =>
  new Problem(
    `The simulated person could not be connected: ${what}. ${page
      .replace(/<style.*?<\/style>|<[^>]*>/gs, ' ')
      .replace(/\s+/g, ' ')
      .trim()}`,
    ['start again; what is there already is kept'],
  );
