const OPENED_BY_IT = 'the link token opens the route, so it stands under `security`, with a 400 where it is missing';

/** Where our contract is not Junction's, and why; an entry may end in `*`. One that is no longer true fails the test, too. */
export const junctionDifferences: Readonly<Record<string, string>> = {
  'GET /v2/link/provider/oauth/{oauth_provider}: header x-vital-link-token': OPENED_BY_IT,
  'GET /v2/link/providers: header x-vital-link-token': OPENED_BY_IT,
  'GET /v2/link/providers: answer 422': 'it takes nothing that could be invalid',
};
