import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import type { Drain, Draining, DrainRun } from './drainBacklog';
import { messageId } from './messageId';
import { endpointDisabled, endpointFailing, endpointRecovered } from './operational';
import { standingOf } from './standing';
import { tellTeam } from './tellTeam';
import { verdictOf } from './verdict';

/**
 * What a drain means for its endpoint: recovered, failing since when, its team warned, or disabled. Everything is told before it is written,
 * under an id that names the row of failures: whoever dies in between, it is told once.
 * @returns whether it is disabled now
 */
export async function settleStanding(deps: Draining, drain: Drain, run: DrainRun): Promise<boolean> {
  const { endpoints } = deps;
  const { teamId, endpointId } = drain;
  const endpoint = await endpoints.get({ teamId }, endpointId);
  if (!endpoint || endpoint.disabled) return true;

  // Whoever stands behind another URL by now has said nothing.
  if (endpoint.url !== run.url) return false;

  if (run.failure && verdictOf(run.failure.status) === 'gone') return disableGone(deps, endpoint, run.failure.at);
  const { failingSince } = endpoint;
  if (failingSince !== null && (run.lastAcceptedAt !== null || (!run.failure && (await hasTaken(deps, endpoint, failingSince))))) {
    await recover(deps, endpoint, failingSince);
    if (run.failure) await endpoints.noteFailing(endpoint, run.failure.at);
    return false;
  }
  if (!run.failure) return false;
  if (failingSince === null) {
    await endpoints.noteFailing(endpoint, run.firstFailedAt ?? run.failure.at);
    return false;
  }
  return settleFailing(deps, drain, endpoint, { failingSince, failedAt: run.failure.at });
}

/** Whoever delivered something and died before saying so has left it in storage. */
const hasTaken = ({ deliveries }: Draining, { teamId, _id: endpointId }: WebhookEndpointDoc, failingSince: number): Promise<boolean> =>
  deliveries.hasAcceptedSince({ teamId, endpointId }, failingSince);

async function settleFailing(
  deps: Draining,
  { policy }: Drain,
  endpoint: WebhookEndpointDoc,
  { failingSince, failedAt }: { readonly failingSince: number; readonly failedAt: number },
): Promise<boolean> {
  const { teamId, _id: endpointId } = endpoint;
  const standing = standingOf({ failingSince, warnedPercent: endpoint.warnedPercent }, Date.now(), policy);
  if (standing.kind === 'quiet') return false;
  if (await hasTaken(deps, endpoint, failingSince)) {
    await recover(deps, endpoint, failingSince);
    await deps.endpoints.noteFailing(endpoint, failedAt);
    return false;
  }

  if (standing.kind === 'warn') {
    const { percent } = standing;
    const event = endpointFailing(endpoint, { failingSince, percent, disableAt: failingSince + policy.disableAfterMs });
    await tellTeam(deps, endpoint, { id: messageId('endpoint.failing', endpointId, failingSince, percent), ...event });
    await deps.endpoints.noteWarned(teamId, endpointId, failingSince, percent);
    return false;
  }
  return disable(deps, endpoint, 'failing', failingSince);
}

/** Its row of failures is noted first: whoever dies in between is told of under one id. */
async function disableGone(deps: Draining, endpoint: WebhookEndpointDoc, failedAt: number): Promise<boolean> {
  const row = endpoint.failingSince ?? failedAt;
  if (endpoint.failingSince === null) await deps.endpoints.noteFailing(endpoint, row);
  return disable(deps, endpoint, 'gone', row);
}

async function recover(deps: Draining, endpoint: WebhookEndpointDoc, failingSince: number): Promise<void> {
  const { teamId, _id: endpointId, warnedPercent } = endpoint;
  if (warnedPercent > 0) {
    const event = endpointRecovered(endpoint, failingSince);
    await tellTeam(deps, endpoint, { id: messageId('endpoint.recovered', endpointId, failingSince), ...event });
  }
  await deps.endpoints.noteRecovered(teamId, endpointId, failingSince);
}

/** @param row names the row of failures it ends. @returns whether it is disabled now: its owner may have changed it meanwhile */
async function disable(deps: Draining, endpoint: WebhookEndpointDoc, reason: 'gone' | 'failing', row: number): Promise<boolean> {
  const { _id: endpointId } = endpoint;
  const event = endpointDisabled(endpoint, reason, endpoint.failingSince);
  await tellTeam(deps, endpoint, { id: messageId('endpoint.disabled', endpointId, reason, row), ...event });
  return deps.endpoints.disable({ ...endpoint, failingSince: row }, reason, Date.now());
}
