import type { BacklogInput, BacklogState } from './backlogState';

/** What a platform engineer reads on an endpoint's page in the Temporal UI: markdown, no URL, no secret, no health data. */
export function describeBacklog({ endpointId, teamId }: BacklogInput, state: BacklogState, waiting: 'waiting' | 'draining'): string {
  return `**${doing(state, waiting)}**

- endpoint ${endpointId} of team ${teamId}
- ${state.accepted} delivered by this workflow
- ${trouble(state)}`;
}

function doing({ nextTryAt, waitsFor }: BacklogState, waiting: 'waiting' | 'draining'): string {
  if (waiting === 'draining') return 'delivering what waits, oldest first';
  const at = new Date(nextTryAt).toISOString();
  switch (waitsFor) {
    case 'probe':
      return `next probe at ${at}`;
    case 'evidence':
      return `next probe at ${at}, or with the next message: only that can tell whose fault the refusal was`;
    case 'aside':
      return `all is well but for what the endpoint refuses while it takes others: next try of that at ${at}`;
  }
}

const trouble = ({ failures, lastError }: BacklogState): string =>
  failures === 0
    ? 'the last attempt was taken'
    : `${failures} attempts in a row were not taken${lastError ? `, the last: ${lastError}` : ''}`;
