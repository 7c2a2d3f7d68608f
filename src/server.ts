import { createApp } from './api/app';
import { createServices } from './api/createServices';
import { listen } from './api/listen';
import { type Config, ConfigError, configSummary, loadConfig } from './config';
import { createDexcomApps } from './dexcom/apps';
import { watchedApps } from './dexcom/watchedApps';
import { policyFor } from './freshness/policy';
import { createLog, type Logger } from './log';
import { callMeter, serveMetrics, tellRejectedApps } from './metrics';
import { portRefused } from './portRefused';
import { createCallGate } from './quota/createCallGate';
import { createKeyring } from './security/keyring';
import { AppAlarms } from './storage/appAlarms';
import { CallClosings } from './storage/callClosings';
import { CallSlots } from './storage/callSlots';
import { type Database, type DatabaseAddress, IMPATIENT, openDatabase } from './storage/database';
import { DexcomCredentials } from './storage/dexcomCredentials';
import { databaseServer, pingDatabase } from './storage/health';
import { ensureIndexes } from './storage/indexes';
import { createBacklogs } from './temporal/backlogs';
import { createBulkRuns } from './temporal/bulkRuns';
import { openTemporal } from './temporal/client';
import { createConnectionWorkflows } from './temporal/connectionWorkflows';
import { pingTemporal } from './temporal/health';
import { createReplayRuns } from './temporal/replayRuns';
import { createUserErasures } from './temporal/userErasures';
import { createEgress } from './webhooks/egress/egress';
import { backlogPolicy } from './workflows/backlogPolicy';
import { erasurePolicy } from './workflows/erasurePolicy';
import { replayPolicy } from './workflows/replayPolicy';

export interface RunningServer {
  readonly port: number;
  /** Lets requests under way end, then closes everything it opened. */
  stop(): Promise<void>;
}

/** The API process: stateless, run any number of times. @throws if the database does not answer or a port is taken */
export async function startServer(config: Config, log: Logger): Promise<RunningServer> {
  const { http, metricsPort } = config;
  const database = await openPrepared({ uri: config.mongodb.uri, name: config.mongodb.database });
  const temporal = openTemporal(config.temporal);
  const keyring = createKeyring(config.encryptionKeys);
  const counting = {
    slots: new CallSlots(database.db),
    closings: new CallClosings(database.db),
    meter: callMeter,
    now: Date.now,
    random: Math.random,
  };
  const gate = createCallGate(config.callLimits, config.cadenceMs, counting);
  const appAlarms = new AppAlarms(database.db);
  const dexcom = watchedApps(createDexcomApps(config.dexcom, new DexcomCredentials(database.db, keyring), gate), appAlarms, log);
  const egress = createEgress(config.webhookAllowedHosts, { ports: config.webhookAllowedPorts });
  const { queuePrefix } = config.temporal;

  const services = createServices({
    db: database.db,
    log,
    keyring,
    dexcom,
    workflows: createConnectionWorkflows(temporal.client, { queuePrefix, policy: policyFor(config.cadenceMs) }),
    publicUrl: http.publicUrl,
    egress,
    backlogs: createBacklogs(temporal.client, { queuePrefix, policy: backlogPolicy }),
    erasures: createUserErasures(temporal.client, { queuePrefix, policy: erasurePolicy }),
    bulkRuns: createBulkRuns(temporal.client, { queuePrefix }),
    replayRuns: createReplayRuns(temporal.client, { queuePrefix, policy: replayPolicy }),
    feedKeptMs: config.feedKeptMs,
    queryCacheBytes: config.queryCacheBytes,
    ready: async () => ({ mongodb: await succeeds(pingDatabase(database.db)), temporal: await succeeds(pingTemporal(temporal.client)) }),
  });
  const server = await listen(createApp(services), http).catch(portRefused('PORT', http));
  const scraped = metricsPort === null ? null : { host: http.host, port: metricsPort };
  const metrics = scraped && (await serveMetrics(scraped).catch(portRefused('METRICS_PORT', scraped)));
  if (metrics) tellRejectedApps(() => appAlarms.standing(Date.now()));
  log.info({ port: server.port, server: await databaseServer(database.db), ...configSummary(config) }, 'API is up');

  return {
    port: server.port,
    async stop() {
      services.feed.watch.close();
      await server.close();
      await Promise.all([metrics?.close(), temporal.close(), dexcom.close(), egress.close()]);
      await database.close();
    },
  };
}

/** Indexes may take their time, and so may a server that starts with us; requests may not. */
async function openPrepared(address: DatabaseAddress): Promise<Database> {
  const patient = await openDatabase(address);
  try {
    await ensureIndexes(patient.db);
  } finally {
    await patient.close();
  }
  return openDatabase({ ...address, ...IMPATIENT });
}

const succeeds = (attempt: Promise<unknown>): Promise<boolean> =>
  attempt.then(
    () => true,
    () => false,
  );

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const log = createLog({ level: config.logLevel, name: 'api' });
  const server = await startServer(config, log);

  const signal = await new Promise<string>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, resolve);
  });
  log.info({ signal }, 'API stops');
  await server.stop();
}

if (require.main === module) {
  main().catch((error: unknown) => {
    if (error instanceof ConfigError) console.error(error.message);
    else createLog({ level: 'fatal', name: 'api' }).fatal(error, 'API could not start');
    process.exit(1);
  });
}
