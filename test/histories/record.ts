import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { startTemporal } from '../../local/servers';
import { openStage } from '../workflows/stage';
import { stories } from './stories';

/**
 * `npm run record-histories [-- <story> …]`: plays the stories on a server of its own and keeps their histories, which every later version of
 * the workflows must be able to replay. Record anew what a deliberate, patched change makes obsolete; keep what running workflows still have.
 */
async function record(names: readonly string[]): Promise<void> {
  const temporal = process.env.TEMPORAL_ADDRESS ? null : await startTemporal();
  process.env.TEMPORAL_ADDRESS ??= temporal?.address ?? '';
  const stage = await openStage();
  for (const [name, story] of Object.entries(stories)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const [workflowId = '', runId] = (await story(stage)).split('/');
    const history = await stage.client.workflow.getHandle(workflowId, runId).fetchHistory();
    writeFileSync(join(__dirname, `${name}.json`), `${JSON.stringify(JSON.parse(historyToJSON(history)), anonymous)}\n`);
    console.log(`${name}: ${history.events?.length ?? 0} events`);
  }
  await stage.close();
  await temporal?.discard();
}

/** Where it was recorded is nobody's business. */
function anonymous(key: string, value: unknown): unknown {
  if (key === 'stackTrace') return '';
  if (key === 'identity') return 'recorder';
  return typeof value === 'string' ? value.replaceAll(hostname(), 'host') : value;
}

void record(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
