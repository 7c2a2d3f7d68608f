import type { EndpointFleet } from '../../endpoints/endpointFleet';
import type { Judge } from '../judge';
import { compareFeed } from './compareFeed';
import { walkByConsumer } from './feedWalk';

/** One walk of a named consumer from the feed's beginning: everything that was pushed to anybody, each once. */
export const pullFeed =
  (fleet: EndpointFleet): Judge =>
  async ({ engine }) => {
    const pushed = new Set(engine.receiver.arrivals.map(({ id }) => id));
    for (const { endpoint } of fleet.registered) for (const { took, messageId } of endpoint.tried) if (took) pushed.add(messageId);

    const walked = await walkByConsumer(engine, 'soak');
    const { twice, absent } = compareFeed(
      walked.map(({ id }) => id),
      pushed,
    );
    const findings = [
      ...(twice.length === 0 ? [] : [`pull feed: twice ${twice.length} (${twice.slice(0, 5).join(' ')})`]),
      ...(absent.length === 0 ? [] : [`pull feed: pushed, and not in it ${absent.length} (${absent.slice(0, 5).join(' ')})`]),
    ];
    return {
      isGood: findings.length === 0,
      tables: [],
      figures: [
        ['messages in the pull feed, one walk', walked.length],
        ['of these twice', twice.length],
        ['pushed to somebody, and not in the pull feed', absent.length],
      ],
      findings,
    };
  };
