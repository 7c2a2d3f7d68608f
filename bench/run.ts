import { Command } from 'commander';
import { tellProblems } from '../local/tellProblems';
import { closeAll } from './atEnd';
import { writeReport } from './document';
import type { Figure, Measurement } from './figure';
import { backfill } from './figures/backfill';
import { backlogRate } from './figures/backlogRate';
import { eventsPerPoll } from './figures/eventsPerPoll';
import { freshness } from './figures/freshness';
import { freshnessMonth } from './figures/freshnessMonth';
import { mergeCpu } from './figures/mergeCpu';
import { query } from './figures/query';
import { queryMemory } from './figures/queryMemory';
import { queryRate } from './figures/queryRate';
import { queryRatePeople } from './figures/queryRatePeople';
import { replay } from './figures/replay';
import { replayCurve } from './figures/replayCurve';
import { resendRate } from './figures/resendRate';
import { storedBytes } from './figures/storedBytes';
import { webhookPath } from './figures/webhookPath';
import { webhookRate } from './figures/webhookRate';
import { workflowMemory } from './figures/workflowMemory';
import { load, machine } from './machine';
import { quietRuntime } from './quietRuntime';
import { provideServers, serverNames } from './servers';
import { markdownTable, rowsOf, textTable } from './table';

const figures: readonly Figure[] = [
  eventsPerPoll,
  backfill,
  // Before others' days are stored beside the person's that it looks at.
  storedBytes,
  query,
  queryRate,
  queryRatePeople,
  queryMemory,
  mergeCpu,
  replay,
  replayCurve,
  workflowMemory,
  freshness,
  freshnessMonth,
  webhookRate,
  webhookPath,
  backlogRate,
  resendRate,
];

/** `npm run bench [-- --write] [names]`: measures, prints one table, names what it was measured on. */
async function bench(): Promise<void> {
  const known = figures.map(({ name }) => name);
  const program = new Command('bench')
    .argument('[names...]', `of ${known.join(', ')}; all of them if none is given`)
    .option('--write', 'put the table into docs/performance.md', false)
    .parse();
  const { write } = program.opts<{ write: boolean }>();
  const unknown = program.args.find((name) => !known.includes(name));
  if (unknown !== undefined) program.error(`there is no figure ${unknown}: ${known.join(', ')}`);
  const chosen = figures.filter(({ name }) => program.args.length === 0 || program.args.includes(name));
  if (write && chosen.length < figures.length) program.error('--write writes the whole table: name no figures with it');

  quietRuntime();
  const address = await provideServers();
  const where = `${await serverNames(address)}; ${machine()}`;
  console.log(`${where}; load ${load()}\n`);

  const measurements: Measurement[] = [];
  const notes: string[] = [];
  for (const figure of chosen) {
    const before = load();
    const result = await figure.measure();
    measurements.push(...result.measurements);
    console.log(`${textTable(rowsOf(result.measurements))}\n${result.notes.map((note) => `  ${note}\n`).join('')}`);
    notes.push(`**${figure.name}** (load ${before} → ${load()})`, ...result.notes.map((note) => `- ${note}`), '');
    if (!result.table) continue;
    console.log(`${textTable(result.table)}\n`);
    notes.push(markdownTable(result.table), '');
  }
  console.log(`${textTable(rowsOf(measurements))}\n\n${where}`);
  if (write)
    writeReport(
      [`${new Date().toISOString().slice(0, 10)}: ${where}`, '', markdownTable(rowsOf(measurements)), '', ...notes].join('\n').trim(),
    );
}

void tellProblems(() => bench().finally(closeAll));
