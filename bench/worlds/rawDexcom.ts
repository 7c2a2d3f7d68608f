import { Agent, request } from 'undici';
import { egvQueries } from '../../src/dexcom/egvQuery';
import type { Window } from '../../src/freshness/backfillWindows';

/** A client that does nothing but fetch. */
export interface RawDexcom {
  /** The bodies that hold a window: one, or two where it is thirty days and a second. */
  egvs(window: Window): Promise<string[]>;
  close(): Promise<void>;
}

export function rawDexcom(baseUrl: string, accessToken: string): RawDexcom {
  const agent = new Agent();
  const headers = { accept: 'application/json', authorization: `Bearer ${accessToken}` };
  return {
    async egvs(window) {
      const bodies: string[] = [];
      for (const query of egvQueries(window)) {
        const url = `${baseUrl}/v3/users/self/egvs?${new URLSearchParams({ ...query })}`;
        const { statusCode, body } = await request(url, { dispatcher: agent, headers });
        bodies.push(await body.text());
        if (statusCode !== 200) throw new Error(`egvs was answered ${statusCode}`);
      }
      return bodies;
    },
    close: () => agent.close(),
  };
}
