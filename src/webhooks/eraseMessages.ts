import type { Attempts } from '../storage/attempts';
import { type Deliveries, deliveryId } from '../storage/deliveries';
import type { MessageDoc, Messages } from '../storage/messages';

export interface Told {
  readonly messages: Messages;
  readonly deliveries: Deliveries;
  readonly attempts: Attempts;
}

/** One team's messages, for good, with all that was tried to deliver them. A message leads to the rest, so it goes last. Repeatable. */
export async function eraseMessages(
  { messages, deliveries, attempts }: Told,
  teamId: string,
  erased: readonly Pick<MessageDoc, '_id' | 'targets'>[],
): Promise<void> {
  const ids = erased.map(({ _id }) => _id);
  await attempts.erase(teamId, ids);
  await deliveries.erase(
    teamId,
    erased.flatMap(({ _id, targets }) => targets.map((endpointId) => deliveryId(_id, endpointId))),
  );
  await messages.erase(teamId, ids);
}
