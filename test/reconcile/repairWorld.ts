import { randomUUID } from 'node:crypto';
import { createReconcileActivities, type ReconcileActivities } from '../../src/activities/reconcile';
import { createSyncActivities } from '../../src/activities/sync';
import { createWebhookActivities } from '../../src/activities/webhooks';
import { createLog } from '../../src/log';
import type { ReconcileDeps } from '../../src/reconcile/deps';
import { reconcilePolicyFor } from '../../src/reconcile/policy';
import { Attempts } from '../../src/storage/attempts';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { Deliveries } from '../../src/storage/deliveries';
import { DueConnections } from '../../src/storage/dueConnections';
import type { SyncDeps } from '../../src/sync/deps';
import { createBacklogs } from '../../src/temporal/backlogs';
import type { ConnectionWorkflows } from '../../src/temporal/connectionWorkflows';
import { createEgress } from '../../src/webhooks/egress/egress';
import { createInFlight, POSTS_IN_FLIGHT } from '../../src/webhooks/inFlight';
import { createSender } from '../../src/webhooks/sender';
import { backlogPolicy } from '../../src/workflows/backlogPolicy';
import { keyring } from '../api/apiWorld';
import { type LinkWorld, openLinkWorld, syncDepsOf } from '../connect/linkWorld';
import { quick } from '../workflows/script';
import { openStage, type Stage } from '../workflows/stage';

const log = createLog({ level: 'fatal', name: 'test' });

/** Whatever is left is overdue at once. */
export const policy = { ...reconcilePolicyFor(1_000), unsettledMs: 0, overdueMs: 0, undispatchedMs: 0, pageSize: 10 };

/** Everything a worker has, over an API's database, and people of a simulated Dexcom; the repair is asked for by the test. */
export interface RepairWorld {
  readonly stage: Stage;
  readonly world: LinkWorld;
  readonly deps: ReconcileDeps & SyncDeps;
  readonly repair: ReconcileActivities;
  /** A worker runs `during`. */
  play(during: () => Promise<void>): Promise<void>;
  connect(person: 0 | 1): Promise<ConnectionDoc>;
  polled(connectionId: string, since: number): Promise<boolean>;
  isOverdue(connectionId: string): Promise<boolean>;
  /** From now on callbacks die before they reach a workflow. @returns revives them */
  killCallbacks(): () => void;
  close(): Promise<void>;
}

export async function openRepairWorld(): Promise<RepairWorld> {
  const stage = await openStage();
  const workflows = stage.workflows(quick);
  let dead = false;
  const ensureRunning: ConnectionWorkflows['ensureRunning'] = async (connection) => {
    if (dead) throw new Error('this process is dead');
    return workflows.ensureRunning(connection);
  };
  const world = await openLinkWorld({ workflows: { ...workflows, ensureRunning } });
  const { db, services } = world;
  const deps = {
    ...syncDepsOf(world),
    due: new DueConnections(db),
    deliveries: new Deliveries(db),
    attempts: new Attempts(db),
    sender: createSender({ keyring, egress: createEgress([]), publicUrl: 'https://api.example' }),
    inFlight: createInFlight(POSTS_IN_FLIGHT),
    backlogs: createBacklogs(stage.client, { queuePrefix: stage.prefix, policy: backlogPolicy }),
    workflows,
    connect: services,
    feed: services.feed,
    replays: services.webhooks.replays,
    replayRuns: services.webhooks.replayRuns,
    people: services,
    bulk: { connect: services, operations: services.bulkOperations, runs: services.bulkRuns },
    policy,
    log,
  };

  return {
    stage,
    world,
    deps,
    repair: createReconcileActivities(deps),
    play: (during) =>
      stage.play(
        { ...createSyncActivities(deps, log), ...createWebhookActivities({ ...deps, alarms: { raise: () => undefined } }, log) },
        during,
      ),

    async connect(person) {
      const userId = await world.app.newUser(randomUUID());
      await world.connect(userId, world.people[person]);
      const [connection] = await deps.connections.ofUser(world.app.teamId, userId);
      if (!connection) throw new Error('no connection');
      return connection;
    },
    polled: async (connectionId, since) => ((await deps.connections.load(connectionId))?.lastPollAt ?? 0) > since,
    isOverdue: async (connectionId) => ((await deps.connections.load(connectionId))?.nextPollAt ?? Infinity) < Date.now(),

    killCallbacks() {
      dead = true;
      return () => {
        dead = false;
      };
    },

    async close() {
      await Promise.all([stage.close(), world.close()]);
    },
  };
}
