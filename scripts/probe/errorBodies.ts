import type { Answer } from './dexcom';
import type { Probe } from './finding';

/** What stands in refusals: of a window whose end is before its start, and of a token that is none. 403 and 429 are not provoked. */
export const errorBodies: Probe = async (dexcom) => {
  const wrong = await dexcom.get('egvs', { startDate: '2026-01-02T00:00:00', endDate: '2026-01-01T00:00:00' });
  const stranger = await dexcom.get('egvs', { startDate: '2026-01-01T00:00:00', endDate: '2026-01-02T00:00:00' }, 'not-a-token');
  return {
    unknown: 'U3',
    found: `a wrong window: ${shown(wrong)}; a wrong token: ${shown(stranger)}; 403 and 429 are not provoked`,
    settings: { errorBody: wrong.json && stranger.json ? 'json' : 'text' },
    ...(stranger.status !== 401 && { engine: 'only a 401 is taken for a token to renew' }),
  };
};

/** Its form; what it says is not repeated. */
const shown = ({ status, contentType, json, text }: Answer): string =>
  `${status} ${contentType}, ${json ? `JSON with ${Object.keys(json).join(', ')}` : `${text.length} characters that are no JSON`}`;
