import { condition, proxyActivities, setCurrentDetails, setHandler, sleep } from '@temporalio/workflow';
import type { ErasureActivities } from '../activities/erasure';
import { deletionChanged } from '../temporal/erasureMessages';
import type { ErasurePolicy } from './erasurePolicy';

/** What a deleted user's workflow is started with; everything else stands in storage. */
export interface ErasureInput {
  readonly userId: string;
  readonly teamId: string;
  readonly policy: ErasurePolicy;
}

const {
  deletionOf,
  eraseUser: erase,
  eraseLeft,
} = proxyActivities<ErasureActivities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  // Whatever is in the way, a person who is to be forgotten is forgotten in the end.
  retry: { initialInterval: '1 second', maximumInterval: '5 minutes' },
});

/** Waits until a deletion's grace is over, then erases all there is of the user. Ends at once if they are brought back. */
export async function eraseUser({ userId, teamId, policy }: ErasureInput): Promise<'undone' | 'erased'> {
  const user = { userId, teamId };
  let changed = false;
  let connectionIds: readonly string[] = [];
  setHandler(deletionChanged, () => lookAgain(), { description: 'The user was deleted or brought back: look again' });

  for (;;) {
    changed = false;
    const deletion = await deletionOf(user);
    if (changed) continue;
    if (!deletion) return 'undone';
    connectionIds = deletion.connectionIds;
    const { eraseAt } = deletion;
    if (eraseAt <= Date.now()) break;

    setCurrentDetails(`Deleted; to be erased at ${new Date(eraseAt).toISOString()}, until then it can be undone.`);
    await condition(() => changed, eraseAt - Date.now(), { summary: 'the time in which it can be undone' });
  }

  setCurrentDetails('Erasing.');
  const isErased = await erase.executeWithOptions({ summary: 'erase all there is of the user' }, [user]);
  if (!isErased) return 'undone';

  setCurrentDetails('Erased; one more look for what may have been written late.');
  await sleep(policy.lookAgainMs, { summary: 'before looking for what was written late' });
  await eraseLeft.executeWithOptions({ summary: 'erase what was written late' }, [{ ...user, connectionIds }]);
  setCurrentDetails('Erased.');
  return 'erased';

  function lookAgain(): void {
    changed = true;
  }
}
