import { NativeConnection } from '@temporalio/worker';
import { createBulkActivities } from './activities/bulk';
import { createErasureActivities } from './activities/erasure';
import { createReconcileActivities } from './activities/reconcile';
import { createReplayActivities } from './activities/replays';
import { createSyncActivities } from './activities/sync';
import { createWebhookActivities } from './activities/webhooks';
import { type Config, ConfigError, configSummary, loadConfig } from './config';
import { createConnectServices } from './connect/createConnectServices';
import { createDexcomApps } from './dexcom/apps';
import { watchedApps } from './dexcom/watchedApps';
import { policyFor } from './freshness/policy';
import { createLog, type Logger } from './log';
import { portRefused } from './portRefused';
import { createCallGate } from './quota/createCallGate';
import { reconcilePolicyFor } from './reconcile/policy';
import { createKeyring } from './security/keyring';
import { AppAlarms } from './storage/appAlarms';
import { Attempts } from './storage/attempts';
import { BulkOperations } from './storage/bulkOperations';
import { CallClosings } from './storage/callClosings';
import { CallSlots } from './storage/callSlots';
import { ConnectionPulls } from './storage/connectionPulls';
import { openDatabase } from './storage/database';
import { Deliveries } from './storage/deliveries';
import { Devices } from './storage/devices';
import { DexcomCredentials } from './storage/dexcomCredentials';
import { DueConnections } from './storage/dueConnections';
import { FeedEntries } from './storage/feedEntries';
import { GlucoseDays } from './storage/glucoseDays';
import { databaseServer } from './storage/health';
import { ensureIndexes } from './storage/indexes';
import { Quarantine } from './storage/quarantine';
import { Records } from './storage/records';
import { ReplayedDeliveries } from './storage/replayedDeliveries';
import { Replays } from './storage/replays';
import { createBacklogs } from './temporal/backlogs';
import { createBulkRuns } from './temporal/bulkRuns';
import { createCallMeter } from './temporal/callMeter';
import { openTemporal } from './temporal/client';
import { createConnectionWorkflows } from './temporal/connectionWorkflows';
import { createWorkers, runWorkers } from './temporal/createWorkers';
import { createEndpointAlarms } from './temporal/endpointAlarms';
import { installRuntime } from './temporal/installRuntime';
import { ensureReconcileSchedule } from './temporal/reconcileSchedule';
import { createReplayRuns } from './temporal/replayRuns';
import { createUserErasures } from './temporal/userErasures';
import { createUserServices } from './users/createUserServices';
import { createErasureDeps } from './users/erasureDeps';
import { createEgress } from './webhooks/egress/egress';
import { createInFlight, POSTS_IN_FLIGHT } from './webhooks/inFlight';
import { createSender } from './webhooks/sender';
import { backlogPolicy } from './workflows/backlogPolicy';
import { erasurePolicy } from './workflows/erasurePolicy';
import { replayPolicy } from './workflows/replayPolicy';

/**
 * The worker process: runs workflows and activities until `stop` is aborted, then lets running activities end or hands them back. Stateless, run
 * any number of times. @throws if the database or Temporal does not answer at the start, a port is taken, or a worker cannot go on
 */
export async function runWorker(config: Config, log: Logger, stop: AbortSignal): Promise<void> {
  const { temporal, mongodb, metricsPort, http, cadenceMs } = config;
  try {
    installRuntime(log, metricsPort === null ? null : `${http.host}:${metricsPort}`);
  } catch (error) {
    if (metricsPort !== null) portRefused('METRICS_PORT', { host: http.host, port: metricsPort })(error);
    throw error;
  }
  const database = await openDatabase({ uri: mongodb.uri, name: mongodb.database });
  await ensureIndexes(database.db);
  const connection = await NativeConnection.connect({ address: temporal.address });
  const { client, close: closeClient } = openTemporal(temporal);
  const egress = createEgress(config.webhookAllowedHosts, { ports: config.webhookAllowedPorts });

  const { db } = database;
  const { queuePrefix } = temporal;
  const keyring = createKeyring(config.encryptionKeys);
  const counting = {
    slots: new CallSlots(db),
    closings: new CallClosings(db),
    meter: createCallMeter(),
    now: Date.now,
    random: Math.random,
  };
  const gate = createCallGate(config.callLimits, cadenceMs, counting);
  const dexcom = watchedApps(createDexcomApps(config.dexcom, new DexcomCredentials(db, keyring), gate), new AppAlarms(db), log);
  const workflows = createConnectionWorkflows(client, { queuePrefix, policy: policyFor(cadenceMs) });
  const connect = createConnectServices({ db, log, keyring, dexcom, workflows, publicUrl: http.publicUrl });
  const { connections, grants, outbox } = connect;
  const days = { glucoseDays: new GlucoseDays(db), devices: new Devices(db), quarantine: new Quarantine(db), records: new Records(db) };
  const sync = { ...outbox, connections, pulls: new ConnectionPulls(db), grants, ...days, keyring, dexcom };
  const webhooks = {
    ...outbox,
    deliveries: new Deliveries(db),
    attempts: new Attempts(db),
    alarms: createEndpointAlarms(log),
    sender: createSender({ keyring, egress, publicUrl: http.publicUrl }),
    inFlight: createInFlight(POSTS_IN_FLIGHT),
    backlogs: createBacklogs(client, { queuePrefix, policy: backlogPolicy }),
    replayed: new ReplayedDeliveries(db),
    replays: new Replays(db),
    replayRuns: createReplayRuns(client, { queuePrefix, policy: replayPolicy }),
  };
  const people = createUserServices(db, connect, createUserErasures(client, { queuePrefix, policy: erasurePolicy }));
  const bulk = { connect, operations: new BulkOperations(db), runs: createBulkRuns(client, { queuePrefix }) };
  const feed = { entries: new FeedEntries(db), messages: outbox.messages, keptMs: config.feedKeptMs };
  const policy = reconcilePolicyFor(cadenceMs);
  const activities = {
    ...createSyncActivities(sync, log),
    ...createWebhookActivities(webhooks, log),
    ...createReplayActivities(webhooks, log),
    ...createErasureActivities(createErasureDeps(db, people), log),
    ...createBulkActivities(bulk, log),
    ...createReconcileActivities({
      ...sync,
      ...webhooks,
      due: new DueConnections(db),
      workflows,
      connect,
      people,
      bulk,
      feed,
      policy,
      log,
    }),
  };

  const workers = await createWorkers(connection, { namespace: temporal.namespace, queuePrefix, activities });
  await ensureReconcileSchedule(client, { queuePrefix, everyMs: policy.everyMs });
  log.info({ server: await databaseServer(db), ...configSummary(config) }, 'worker is up');
  try {
    await runWorkers(workers, stop);
  } finally {
    await Promise.all([connection.close(), closeClient(), dexcom.close(), egress.close()]);
    await database.close();
  }
  log.info('worker has stopped');
}

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  await runWorker(config, createLog({ level: config.logLevel, name: 'worker' }), stop.signal);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    if (error instanceof ConfigError) console.error(error.message);
    else createLog({ level: 'fatal', name: 'worker' }).fatal(error, 'worker could not go on');
    process.exit(1);
  });
}
