/**
 * Walks through the login page as a browser would: opens the link, sends its form back, does not follow the redirect.
 * @param authorizeUrl what the app sent the person to
 * @returns the redirect's Location, with the code or the refusal in it
 * @throws Error with the page's words if the link does not work
 */
export async function decide(authorizeUrl: string, personId: string, decision: 'approve' | 'refuse'): Promise<string> {
  const page = await fetch(authorizeUrl, { redirect: 'manual' });
  const refused = page.headers.get('location');
  if (refused !== null) return refused;
  const text = await page.text();
  if (page.status !== 200) throw new Error(`The login page answered ${page.status}: ${text}`);

  const form = new URLSearchParams(hiddenFields(text));
  form.set('person', personId);
  form.set('decision', decision);
  const answer = await fetch(authorizeUrl, { method: 'POST', body: form, redirect: 'manual' });
  const location = answer.headers.get('location');
  if (location === null) throw new Error(`The login form was answered ${answer.status}: ${await answer.text()}`);
  return location;
}

function hiddenFields(page: string): [string, string][] {
  return [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name = '', value = '']) => [
    name,
    unescaped(value),
  ]);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const unescaped = (text: string): string => text.replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole);
