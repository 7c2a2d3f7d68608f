import pc from 'picocolors';

/** What `--json` prints when everything is ready; null where the environment's own server is used or nobody was connected. */
export interface Addresses {
  readonly apiUrl: string;
  readonly apiKey: string;
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
}

/** What only people are told. */
export interface Surroundings {
  readonly connectionId: string | null;
  /** A folder. */
  readonly logs: string;
  /** As `5m`. */
  readonly readsEvery: string;
}

/** The table of addresses, and three lines that work as pasted. */
export function addressTable(addresses: Addresses, { connectionId, logs, readsEvery }: Surroundings): string {
  const { apiUrl, temporalUiUrl, simulatorUrl, linkUrl, receiverUrl, mongodbUri, database, temporalAddress } = addresses;
  const workflow =
    temporalUiUrl && connectionId
      ? `${temporalUiUrl}/namespaces/default/workflows/${encodeURIComponent(`dexcom-sync:${connectionId}`)}`
      : null;
  const rows: readonly (readonly [string, string | null])[] = [
    ['API', apiUrl],
    ['API reference', `${apiUrl}/reference`],
    ['link page (60 min)', linkUrl],
    ['this user’s workflow', workflow],
    ['Temporal UI', workflow ? null : temporalUiUrl],
    ['Temporal', temporalAddress],
    ['database', `${mongodbUri} ${database}`],
    ['simulated Dexcom', `${simulatorUrl}/_control/people (a reading every ${readsEvery})`],
    ['webhook receiver', receiverUrl],
    ['logs', logs],
  ];
  const shown = rows.flatMap(([name, value]) => (value === null ? [] : [`  ${name.padEnd(22)}${pc.cyan(value)}`]));
  return [...shown, '', ...curlLines(addresses).flatMap(([title, line]) => [pc.dim(`  # ${title}`), `  ${line}`])].join('\n');
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
