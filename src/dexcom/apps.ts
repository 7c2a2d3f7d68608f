import type { CallGate } from './callGate';
import { clientOver, type DexcomClient } from './client';
import { DexcomError } from './errors';
import { DexcomHttp } from './http';
import { DEXCOM_URLS, type DexcomRegion } from './region';
import type { AppCredentials, GrantIssuer, RegionApp } from './registration';

/** The operator's. People consent to those in `current`, one per region, the default region's first; `former` ones only renew what they issued. */
export interface OperatorApps {
  readonly current: readonly [RegionApp, ...RegionApp[]];
  readonly former: readonly RegionApp[];
  /** How long any answer may take, milliseconds. */
  readonly answerWithinMs?: number;
}

/** Registrations that teams brought along: `src/storage/dexcomCredentials.ts`. */
export interface TeamApps {
  /** The one people of this team consent to there, or the one of that id, former ones too. */
  find(teamId: string, region: DexcomRegion, clientId?: string): Promise<AppCredentials | null>;
  /** In which people of this team consent to an app of its own. */
  regionsOf(teamId: string): Promise<readonly DexcomRegion[]>;
}

export interface DexcomApps {
  readonly defaultRegion: DexcomRegion;
  /**
   * Speaks for the app that issued a grant; without a `clientId` for the one that people of this team consent to now: the team's own goes before
   * the operator's.
   * @throws DexcomError `not_configured`
   */
  clientFor(
    wanted: { readonly teamId: string } & { readonly [Key in keyof GrantIssuer]?: GrantIssuer[Key] | undefined },
  ): Promise<DexcomClient>;
  /** Where people of this team can connect, the default first; never empty. */
  regionsOf(teamId: string): Promise<readonly DexcomRegion[]>;
  /** Ends idle connections. */
  close(): Promise<void>;
}

export function createDexcomApps({ current, former, answerWithinMs }: OperatorApps, teamApps: TeamApps, gate: CallGate): DexcomApps {
  const operators = [...current, ...former];
  const servers = new Map<DexcomRegion, DexcomHttp>();
  const baseUrlOf = (region: DexcomRegion): string | null =>
    operators.find((app) => app.region === region)?.baseUrl ?? (region === 'simulator' ? null : DEXCOM_URLS[region]);

  async function credentialsFor(teamId: string, region: DexcomRegion, clientId: string | undefined): Promise<AppCredentials | null> {
    const there = (apps: readonly RegionApp[]) => apps.filter((app) => app.region === region);
    // The operator's are known without asking the database, which a poll would do each time.
    const issuer = clientId === undefined ? undefined : there(operators).find((app) => app.clientId === clientId);
    if (issuer) return issuer;
    const own = await teamApps.find(teamId, region, clientId);
    return own ?? (clientId === undefined ? (there(current)[0] ?? null) : null);
  }

  return {
    defaultRegion: current[0].region,

    async clientFor({ teamId, region = current[0].region, clientId }) {
      const app = await credentialsFor(teamId, region, clientId);
      const baseUrl = baseUrlOf(region);
      if (!app) throw new DexcomError('not_configured', `no credentials are configured for this app in Dexcom's region ${region}`);
      if (baseUrl === null) throw new DexcomError('not_configured', `Dexcom's region ${region} is not configured`);

      const http = servers.get(region) ?? new DexcomHttp(baseUrl, answerWithinMs);
      servers.set(region, http);
      return clientOver(http, { ...app, region, baseUrl }, gate);
    },

    async regionsOf(teamId) {
      const own = (await teamApps.regionsOf(teamId)).filter((region) => baseUrlOf(region) !== null);
      return [...new Set([...current.map(({ region }) => region), ...own])];
    },

    async close() {
      await Promise.all([...servers.values()].map((http) => http.close()));
    },
  };
}
