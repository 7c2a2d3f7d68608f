import pc from 'picocolors';

/** What `--json` prints when everything is ready; null where the environment's own server is used or nobody was connected. */
export interface Addresses {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly orgId: string;
  readonly teamId: string;
  readonly userId: string | null;
  readonly linkUrl: string | null;
  readonly temporalAddress: string;
  readonly temporalUiUrl: string | null;
  readonly mongodbUri: string;
  readonly database: string;
  readonly simulatorUrl: string;
  readonly receiverUrl: string;
  readonly receiverSecret: string;
  /** A page as an app would have it. */
  readonly pageUrl: string;
}

/** What only people are told. */
export interface Surroundings {
  /** Of the simulated people; null if nobody was to be connected. */
  readonly connected: { readonly name: string; readonly connectionId: string; readonly others: number } | null;
  /** As `5m`; null for somebody whose readings all lie in the past. */
  readonly readsEvery: string | null;
  /** A folder. */
  readonly logs: string;
}

/** Who is connected, the table of addresses, and three lines that work as pasted. */
export function addressTable(addresses: Addresses, { connected, logs, readsEvery }: Surroundings): string {
  const { apiUrl, temporalUiUrl, simulatorUrl, linkUrl, pageUrl, receiverUrl, mongodbUri, database, temporalAddress, orgId, teamId } =
    addresses;
  const workflow =
    temporalUiUrl && connected
      ? `${temporalUiUrl}/namespaces/default/workflows/${encodeURIComponent(`dexcom-sync:${connected.connectionId}`)}`
      : null;
  const rows: readonly (readonly [string, string | null])[] = [
    ['API', apiUrl],
    ['API reference', `${apiUrl}/reference`],
    ['link page (60 min)', linkUrl],
    ['an app’s page', pageUrl],
    ['organisation, team', `${orgId} ${teamId}`],
    ['this user’s workflow', workflow],
    ['Temporal UI', workflow ? null : temporalUiUrl],
    ['Temporal', temporalAddress],
    ['database', `${mongodbUri} ${database}`],
    ['simulated Dexcom', `${simulatorUrl}/_control/people`],
    ['webhook receiver', receiverUrl],
    ['logs', logs],
  ];
  const shown = rows.flatMap(([name, value]) => (value === null ? [] : [`  ${name.padEnd(22)}${pc.cyan(value)}`]));
  return [
    pc.bold(headline(connected, readsEvery)),
    '',
    ...shown,
    '',
    ...curlLines(addresses).flatMap(([title, line]) => [pc.dim(`  # ${title}`), `  ${line}`]),
    '',
    pc.bold('What the webhook receiver gets, as it comes. Ctrl-C stops everything.'),
  ].join('\n');
}

function headline(connected: Surroundings['connected'], readsEvery: string | null): string {
  const sensor = readsEvery === null ? 'whose readings all lie in the past' : `whose sensor reads every ${readsEvery}`;
  if (!connected) return 'Continuo is up. Nobody is connected: create a user, get a link and open it in a browser.';
  const { name, others } = connected;
  const more = others > 0 ? ` There are ${others} more like that.` : '';
  return `Continuo is up, and connected to a simulated person, ${name}, ${sensor}.${more}`;
}

/** Each stands alone; the user of the last two is the demonstration's, or else the reader's to fill in. */
export function curlLines({
  apiUrl,
  apiKey,
  userId,
}: Pick<Addresses, 'apiUrl' | 'apiKey' | 'userId'>): readonly (readonly [string, string])[] {
  const key = `-H 'x-vital-api-key: ${apiKey}'`;
  const json = `-H 'content-type: application/json'`;
  const user = userId ?? 'USER_ID';
  return [
    ['create a user', `curl -s ${apiUrl}/v2/user ${key} ${json} -d '{"client_user_id":"user-'$(date +%s)'"}'`],
    ['get a link', `curl -s ${apiUrl}/v2/link/token ${key} ${json} -d '{"user_id":"${user}","provider":"dexcom_v3"}'`],
    ['query glucose', `curl -s '${apiUrl}/v2/timeseries/${user}/glucose/grouped?start_date=${yesterday()}' ${key}`],
  ];
}

const yesterday = (): string => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
