import { dexcomClient } from '../../test/dexcom/dexcomClient';
import type { Engine } from '../../test/engine/engine';

/** Another consent of somebody's, for calls by hand. */
export async function accessTokenFor({ simulator, apiUrl }: Engine, person: string): Promise<string> {
  const redirectUri = `${apiUrl}/v2/link/connect/dexcom_v3`;
  const dexcom = dexcomClient({ baseUrl: simulator.url, clientId: simulator.clientId, clientSecret: simulator.clientSecret });
  try {
    const sentTo = await simulator.approve(dexcom.authorizeUrl({ redirectUri, state: 'by-hand' }), person);
    const code = new URL(sentTo).searchParams.get('code') ?? '';
    return (await dexcom.exchangeCode({ code, redirectUri })).accessToken;
  } finally {
    await dexcom.close();
  }
}
