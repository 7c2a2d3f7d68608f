import type { ConnectServices } from '../../../connect/connectServices';

export interface LinkPageQuery {
  readonly linkToken: string;
  readonly opener?: string | null;
  readonly region?: string;
  readonly cancel?: '1';
}

/** Our own page about a link, from wherever in it a browser is. */
export function linkPageUrl(
  { publicUrl }: Pick<ConnectServices, 'publicUrl'>,
  { linkToken, opener, region, cancel }: LinkPageQuery,
): string {
  const query = new URLSearchParams({
    token: linkToken,
    ...(opener && { opener }),
    ...(region && { region }),
    ...(cancel && { cancel }),
  });
  return `${publicUrl}/link?${query}`;
}
