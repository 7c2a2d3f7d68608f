import type { Probe } from './finding';

const unknown = 'U14';

/** How a wrong client secret is refused. The refresh token sent with it is none, so nothing is spent. */
export const invalidClient: Probe = async (dexcom, { app: { clientId } }) => {
  const { status, json } = await dexcom.token({
    grant_type: 'refresh_token',
    refresh_token: 'not-a-token',
    client_id: clientId,
    client_secret: 'not-the-secret',
  });
  const word = json?.['error'];
  const found = `a wrong secret is answered ${status} ${typeof word === 'string' ? word : 'without an error word'}`;
  if (word !== 'invalid_client' && word !== 'unauthorized_client')
    return { unknown, found, engine: 'the alarm of a rejected app goes by the word invalid_client; nobody is disconnected all the same' };
  if (status !== 400 && status !== 401) return { unknown, found };
  return { unknown, found, settings: { invalidClientStatus: status } };
};
