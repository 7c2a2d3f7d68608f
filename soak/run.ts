import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { machine } from '../bench/machine';
import { serverNames } from '../bench/servers';
import { removeAbandonedThrowaways, removeOwnThrowaways } from '../local/processes/throwaway';
import { tellProblems } from '../local/tellProblems';
import { parseDuration, SECOND_MS } from '../simulator/duration';
import { compilePrograms } from '../test/compilePrograms';
import { openWorld, ownServers } from './openWorld';
import { usualPlan } from './plan';
import { isGood, report } from './report/report';
import { soak } from './soak';
import { webhookPlan } from './webhookPlan';

/** `npm run soak -- --hours H`: exits 1 if anything was lost or doubled. */
async function run(): Promise<void> {
  const {
    hours,
    seed,
    interval,
    report: file,
    webhooks,
  } = new Command('soak')
    .description('Fifty people with every scenario, under random faults and kills, judged by the ledger')
    .option('--hours <number>', 'how long strikes go on', positive, 1)
    .option('--seed <text>', 'the same one makes the same strikes in the same order', new Date().toISOString().slice(0, 10))
    .option('--interval <time>', 'how often sensors read', readingInterval, '30s')
    .option('--report <file>', 'where the report goes, in Markdown', 'soak-report.md')
    .option('--webhooks', 'fewer people, and fifty endpoints that fail by script', false)
    .parse()
    .opts<{ hours: number; seed: string; interval: string; report: string; webhooks: boolean }>();
  const plan = (webhooks ? webhookPlan : usualPlan)({ seed, hours, interval });
  const say = (line: string): void => console.log(line);
  const notDone: string[] = [];

  await removeAbandonedThrowaways();
  process.env.CONTINUO_COMPILED = await compilePrograms();
  const servers = await ownServers();
  const where = `${await serverNames({ temporal: servers.temporal.address, mongodb: servers.database.uri })}; ${machine()}`;
  say(`Seed ${seed}; ${where}`);
  const world = await openWorld(plan, servers, (what, reason) => notDone.push(`${what}: ${String(reason).slice(0, 200)}`));
  try {
    say(`${world.people.length} people are connected; logs in ${world.engine.logFolder}`);
    const result = await soak(world, plan, say);
    const command = `npm run soak --${webhooks ? ' --webhooks' : ''} --hours ${hours} --seed ${seed} --interval ${interval}`;
    const text = report({
      plan,
      people: world.people.length,
      command,
      where,
      notDone,
      restarts: world.supervisor.restartedAt.length,
      ...result,
    });
    mkdirSync(dirname(resolve(file)), { recursive: true });
    writeFileSync(file, text);
    say(text);
    if (!isGood(result)) process.exitCode = 1;
  } finally {
    await world.close();
    await removeOwnThrowaways();
  }
}

function positive(text: string): number {
  const number = Number(text);
  if (number > 0 && number <= 1_000) return number;
  throw new InvalidArgumentError('It is a number of hours, such as 1 or 0.05.');
}

function readingInterval(text: string): string {
  const ms = parseDuration(text);
  if (ms >= 2 * SECOND_MS) return text;
  throw new InvalidArgumentError('It is a time such as 30s; sensors count in seconds.');
}

void tellProblems(run);
