import { defaultPayloadConverter } from '@temporalio/common';
import type { Figure, Measurement } from '../figure';
import { median, sum } from '../statistics';
import { type History, LIVE_INTERVAL, livePerson } from '../worlds/livePerson';

type Event = NonNullable<History['events']>[number];

/** A timer set and fired, a task, an activity's three, a task: what the server records for a wait and a call, whoever makes it. */
const FEWEST = 2 + 3 + 3 + 3;

/** What a poll adds to its workflow's history: storage and CPU of Temporal are in proportion to it. */
export const eventsPerPoll: Figure = {
  name: 'eventsPerPoll',

  async measure() {
    const { runs } = await livePerson();
    const polls = runs.flatMap(({ events }) => pollsIn(events ?? []));
    const [news, none] = [polls.filter(({ created }) => created > 0), polls.filter(({ created }) => created === 0)];
    return {
      measurements: [measured('events per poll with news', news, 12), measured('events per poll without news', none, 11)],
      notes: [
        `${news.length} polls with news, ${none.length} without, of one connection's first ${runs.length} runs at a reading every ${LIVE_INTERVAL}; medians, ` +
          `the most were ${most(news)} and ${most(none)}; the whole histories have ${sum(runs.map(({ events }) => events?.length ?? 0))} events`,
        'the floor counts what one timer, one activity and their two workflow tasks cannot do without',
      ],
    };
  },
};

interface Poll {
  readonly events: number;
  readonly created: number;
}

function measured(figure: string, polls: readonly Poll[], atMost: number): Measurement {
  return {
    figure,
    goal: { of: 'measured', is: 'at most', value: atMost },
    measured: { value: median(polls.map(({ events }) => events)), unit: 'events' },
    floor: { value: FEWEST, unit: 'events' },
  };
}

const most = (polls: readonly Poll[]): number => Math.max(0, ...polls.map(({ events }) => events));

/** From one poll's scheduling to the next one's: nothing of it can be left out. History windows and token refreshes are no polls. */
function pollsIn(events: readonly Event[]): readonly Poll[] {
  const pulls = events.filter(isPull);
  return pulls.flatMap((pull, n) => {
    const next = pulls[n + 1];
    const between = events.slice(events.indexOf(pull), next ? events.indexOf(next) : 0);
    const done = between.find(({ activityTaskCompletedEventAttributes }) => activityTaskCompletedEventAttributes);
    const isAlone = between.filter(({ activityTaskScheduledEventAttributes }) => activityTaskScheduledEventAttributes).length === 1;
    return done && isAlone ? [{ events: between.length, created: createdIn(done) }] : [];
  });
}

const isPull = ({ activityTaskScheduledEventAttributes: scheduled }: Event): boolean => {
  const [input] = scheduled?.input?.payloads ?? [];
  return scheduled?.activityType?.name === 'pull' && !!input && fieldOf(input, 'purpose') !== 'backfill';
};

function createdIn({ activityTaskCompletedEventAttributes: done }: Event): number {
  const [result] = done?.result?.payloads ?? [];
  return result ? Number(fieldOf(result, 'created')) : 0;
}

function fieldOf(payload: Parameters<typeof defaultPayloadConverter.fromPayload>[0], name: string): unknown {
  return defaultPayloadConverter.fromPayload<Readonly<Record<string, unknown>>>(payload)[name];
}
