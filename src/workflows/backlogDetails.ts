import type { BacklogInput, BacklogState } from './backlogState';

/** What a platform engineer reads on an endpoint's page in the Temporal UI: markdown, no URL, no secret, no health data. */
export function describeBacklog({ endpointId, teamId }: BacklogInput, state: BacklogState, waiting: 'waiting' | 'draining'): string {
  return `**${doing(state, waiting)}**

- endpoint ${endpointId} of team ${teamId}
- ${state.accepted} delivered by this workflow
- ${trouble(state)}`;
}

const doing = ({ nextTryAt }: BacklogState, waiting: 'waiting' | 'draining'): string =>
  waiting === 'waiting' ? `next probe at ${new Date(nextTryAt).toISOString()}` : 'delivering what waits, oldest first';

const trouble = ({ failures, lastError }: BacklogState): string =>
  failures === 0
    ? 'the last attempt was taken'
    : `${failures} attempts in a row were not taken${lastError ? `, the last: ${lastError}` : ''}`;
