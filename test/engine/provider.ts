import type { Engine } from './engine';

/** A user's one connection as the API shows it. */
export interface Provider {
  readonly status: string;
  readonly connection_id: string;
  readonly error_details: { readonly error_type: string; readonly error_message: string } | null;
}

/** @throws Error if the user has no connection, or more than one */
export async function providerOf(engine: Engine, userId: string): Promise<Provider> {
  const { providers } = await engine.call<{ providers: Provider[] }>('GET', `/v2/user/providers/${userId}`);
  const [provider, ...others] = providers;
  if (!provider || others.length > 0) throw new Error(`${userId} has ${providers.length} connections`);
  return provider;
}
