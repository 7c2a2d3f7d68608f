import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { type ProbedApp, signInUrl } from './probe/dexcom';
import { probeDexcom } from './probe/probeDexcom';
import { report } from './probe/report';

/** `npm run probe`: settles what Dexcom's documents leave open (docs/dexcom-unknowns.md) with an account of its sandbox. */
async function main(app: ProbedApp): Promise<void> {
  console.log(`Open this, sign in, approve, and paste here within a minute the address you are sent to:\n\n${signInUrl(app)}\n`);
  console.log(report(await probeDexcom(app, codeIn(await firstLine()))));
}

async function firstLine(): Promise<string> {
  const terminal = createInterface({ input: process.stdin });
  const [line] = await once(terminal, 'line');
  terminal.close();
  return String(line);
}

/** @throws Error with Dexcom's word if it is a refusal */
function codeIn(pasted: string): string {
  const { searchParams } = new URL(pasted.trim());
  const code = searchParams.get('code');
  if (code === null) throw new Error(`there is no code in that address: ${searchParams.get('error') ?? 'nothing'}`);
  return code;
}

function appOf(): ProbedApp {
  const command = new Command('npm run probe --')
    .description('Settles what Dexcom’s documents leave open. DEXCOM_CLIENT_ID and DEXCOM_CLIENT_SECRET name the app.')
    .option('--base-url <url>', 'which Dexcom', 'https://sandbox-api.dexcom.com')
    .requiredOption('--redirect-uri <uri>', 'as registered for the app; nobody needs to answer there')
    .parse();
  const { baseUrl, redirectUri } = command.opts<{ baseUrl: string; redirectUri: string }>();
  const { DEXCOM_CLIENT_ID: clientId, DEXCOM_CLIENT_SECRET: clientSecret } = process.env;
  if (!clientId || !clientSecret) command.error('DEXCOM_CLIENT_ID and DEXCOM_CLIENT_SECRET must be set');
  return { baseUrl: baseUrl.replace(/\/$/, ''), redirectUri, clientId: clientId ?? '', clientSecret: clientSecret ?? '' };
}

main(appOf()).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
