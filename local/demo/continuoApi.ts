import { z } from 'zod';
import { reasonOfFetch } from '../errno';
import { problems } from '../problems';

const User = z.object({ user_id: z.string() });
const UserConflict = z.object({ detail: z.object({ user_id: z.string() }) });
const LinkToken = z.object({ link_token: z.string(), link_web_url: z.string() });
const Providers = z.object({
  providers: z.array(z.object({ status: z.string(), connection_id: z.string(), created_on: z.string() })),
});
const HistoricalPull = z.object({
  status: z.string(),
  range_start: z.string().nullable(),
  range_end: z.string(),
  timeline: z.object({ started_at: z.string().nullable(), ended_at: z.string().nullable() }),
  windows_done: z.number(),
  windows_total: z.number(),
  readings: z.number(),
});
const HistoricalPulls = z.object({
  data: z.array(
    z.object({ user_id: z.string(), provider: z.record(z.string(), z.object({ pulled: z.object({ glucose: HistoricalPull }) })) }),
  ),
});
const Endpoint = z.object({ id: z.string(), url: z.string() });
const EndpointSecret = z.object({ key: z.string() });

export type HistoricalPull = z.infer<typeof HistoricalPull>;
export type ConnectedProvider = z.infer<typeof Providers>['providers'][number];

/** A team's view of Continuo's API: what an app would call, and no more than this demonstration needs. */
export class ContinuoApi {
  constructor(
    private readonly url: string,
    private readonly team: { readonly orgId: string; readonly teamId: string; readonly apiKey: string },
  ) {}

  /** @returns the user of that name, new or not */
  async user(clientUserId: string): Promise<string> {
    const { status, body } = await this.call('POST', '/v2/user', { client_user_id: clientUserId });
    return status === 400 ? UserConflict.parse(body).detail.user_id : User.parse(ok(status, body)).user_id;
  }

  /** @returns whether the key opens this API: after its data was removed it does not */
  async knowsUs(): Promise<boolean> {
    const { status, body } = await this.call('GET', '/v2/user?limit=1');
    if (status === 401) return false;
    ok(status, body);
    return true;
  }

  async linkUrl(userId: string): Promise<string> {
    return LinkToken.parse(await this.get('POST', '/v2/link/token', { user_id: userId, provider: 'dexcom_v3' })).link_web_url;
  }

  /** @param redirectUrl on the team's list */
  async linkToken(userId: string, redirectUrl: string): Promise<string> {
    const wanted = { user_id: userId, provider: 'dexcom_v3', redirect_url: redirectUrl };
    return LinkToken.parse(await this.get('POST', '/v2/link/token', wanted)).link_token;
  }

  async provider(userId: string): Promise<ConnectedProvider | undefined> {
    return Providers.parse(await this.get('GET', `/v2/user/providers/${userId}`)).providers[0];
  }

  async historicalPull(userId: string): Promise<HistoricalPull | undefined> {
    const { data } = HistoricalPulls.parse(await this.get('GET', `/v2/introspect/historical_pull?user_id=${userId}`));
    return data[0]?.provider.dexcom_v3?.pulled.glucose;
  }

  /** Whether it was done, is still going on, failed or was asked too often: what it brings comes as an event. @throws Problem */
  async refresh(userId: string): Promise<void> {
    await this.call('POST', `/v2/user/refresh/${userId}?timeout=5`);
  }

  async registerWebhook(url: string): Promise<{ id: string; url: string; secret: string }> {
    const { id } = Endpoint.parse(await this.get('POST', this.webhooks, { url, description: 'npm start' }));
    return { id, url, secret: EndpointSecret.parse(await this.get('GET', `${this.webhooks}/${id}/secret`)).key };
  }

  async removeWebhook(id: string): Promise<void> {
    await this.call('DELETE', `${this.webhooks}/${id}`);
  }

  private get webhooks(): string {
    return `/v1/org/${this.team.orgId}/team/${this.team.teamId}/production/webhook`;
  }

  private async get(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await this.call(method, path, body);
    return ok(answer.status, answer.body);
  }

  private async call(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
    const { status, text } = await fetch(`${this.url}${path}`, {
      method,
      headers: { 'x-vital-api-key': this.team.apiKey, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(20_000),
    })
      .then(async (response) => ({ status: response.status, text: await response.text() }))
      .catch((error: unknown) => {
        throw problems.apiFailed(`${method} ${path}`, reasonOfFetch(error));
      });
    if (status >= 500) throw problems.apiFailed(`${method} ${path}`, `${status}: ${text}`);
    return { status, body: text === '' ? null : JSON.parse(text) };
  }
}

function ok(status: number, body: unknown): unknown {
  if (status >= 200 && status < 300) return body;
  throw new Error(`the API answered ${status}: ${JSON.stringify(body)}`);
}
