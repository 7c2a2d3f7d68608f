import type { ConnectionDoc } from '../../../storage/connectionDoc';

/** The one a person uses with their provider: never a disconnected one. @param provider a slug; undefined takes any */
export const activeConnection = (connections: readonly ConnectionDoc[], provider: string | undefined): ConnectionDoc | undefined =>
  connections.find(({ desired, provider: slug }) => desired !== 'disconnected' && (provider === undefined || slug === provider));
