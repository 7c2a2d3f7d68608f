import type { ApiKeys } from '../storage/apiKeys';
import type { Teams } from '../storage/teams';
import { type KeyRow, keyRow } from './keyRow';

const ALL = 10_000;

/** Every key there is, or one team's; never with its secret. @throws Error naming the option that is wrong */
export async function listKeys(
  { teams, apiKeys }: { readonly teams: Teams; readonly apiKeys: ApiKeys },
  { team }: { readonly team?: string },
): Promise<readonly KeyRow[]> {
  const known = await teams.list();
  const wanted = team === undefined ? known : known.filter(({ _id }) => _id === team);
  if (team !== undefined && wanted.length === 0) throw new Error(`--team ${team} does not exist`);

  const organisations = [...new Set(wanted.map(({ orgId }) => orgId))];
  const kinds = team === undefined ? (['the organisation', 'every team'] as const) : ([[team]] as const);
  const pages = organisations.flatMap((orgId) => kinds.map((of) => apiKeys.page({ orgId, of }, null, ALL)));
  return (await Promise.all(pages)).flat().map(keyRow);
}
