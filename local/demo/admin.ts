import { join } from 'node:path';
import { z } from 'zod';
import { run } from '../install/run';

const PROJECT = join(__dirname, '..', '..');

const Team = z.object({ teamId: z.string(), orgId: z.string() });
const Key = z.object({ key: z.string() });

/** A team and its key, made by the operator's command line (`npm run admin`). */
export async function createTeamAndKey(
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<{ orgId: string; teamId: string; apiKey: string }> {
  const { teamId, orgId } = Team.parse(await admin(['team', 'create', '--name', 'npm start'], env, signal));
  const { key } = Key.parse(await admin(['key', 'create', '--team', teamId, '--label', 'npm start'], env, signal));
  return { orgId, teamId, apiKey: key };
}

/** Puts a page, with all below it, on the team's list, alone. */
export async function sendBrowsersBackTo(url: string, teamId: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  await admin(['team', 'set', '--id', teamId, '--redirect-url', url], env, signal);
}

async function admin(args: readonly string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<unknown> {
  const command = ['--import', 'tsx', join(PROJECT, 'src/admin.ts'), ...args, '--json'];
  return JSON.parse(await run(process.execPath, command, { env, cwd: PROJECT, signal }));
}
