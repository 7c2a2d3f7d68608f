import { allOrNone, atLeast, dexcom, empty, lately, sampleOf, theSecondOf } from '../facts';
import { type Method, PROVIDER } from '../method';
import type { Person } from '../person';

const thatDay = ({ day }: Person) => ({ startDate: day, endDate: day });
const aggregation = { timeframe: { type: 'relative', anchor: '2026-11-22', past: { unit: 'day', value: 1 } }, queries: [] } as const;

/** Every reading of the person's day, oldest first, as Dexcom's ledger has them. */
const readingsOf = ({ history, day }: Person) => history.filter(({ systemTime }) => systemTime.startsWith(day)).map(sampleOf);

interface Groups {
  readonly groups: Readonly<Record<string, readonly { readonly source: object; readonly data: readonly { readonly timestamp: Date }[] }[]>>;
}

/** Each sensor is a source of its own; their readings in one row. */
const inOneRow = ({ groups }: Groups) => {
  const all = Object.values(groups).flat();
  return {
    providers: Object.keys(groups),
    source: all[0]?.source,
    samples: all.flatMap(({ data }) => data).toSorted((a, b) => a.timestamp.getTime() - b.timestamp.getTime()),
  };
};

const SIBLINGS = ['insulin_injection', 'carbohydrates', 'note', 'workout_duration'];

export const dataMethods: readonly Method[] = [
  {
    name: 'providers.getAll',
    junction: (c) => c.providers.getAll(),
    vital: (c) => c.providers.getAll(),
    gives: () => [{ ...dexcom, authType: 'oauth', supportedResources: ['glucose', ...SIBLINGS] }],
  },
  {
    name: 'vitals.glucoseGrouped',
    junction: async (c, { person }) => inOneRow(await c.vitals.glucoseGrouped({ ...person, ...thatDay(person) })),
    vital: async (c, { person }) => inOneRow(await c.vitals.glucoseGrouped(person.userId, thatDay(person))),
    gives: ({ person }) => ({ providers: [PROVIDER], source: { ...dexcom, provider: PROVIDER }, samples: readingsOf(person) }),
  },
  {
    name: 'vitals.glucose',
    junction: (c, { person }) => c.vitals.glucose({ ...person, ...thatDay(person) }),
    vital: (c, { person }) => c.vitals.glucose(person.userId, thatDay(person)),
    gives: ({ person }) => readingsOf(person),
  },
  ...(['insulinInjectionGrouped', 'carbohydratesGrouped', 'noteGrouped', 'workoutDurationGrouped'] as const).map(
    (name): Method => ({
      name: `vitals.${name}`,
      junction: (c, { person }) => c.vitals[name]({ ...person, ...thatDay(person) }),
      vital: (c, { person }) => c.vitals[name](person.userId, thatDay(person)),
      gives: () => ({ groups: empty }),
    }),
  ),
  {
    name: 'introspect.getUserResources',
    junction: (c, { person: { userId } }) => c.introspect.getUserResources({ userId, provider: PROVIDER }),
    vital: (c, { person: { userId } }) => c.introspect.getUserResources({ userId, provider: PROVIDER }),
    gives: ({ person: { userId, history } }) => ({
      data: [
        {
          userId,
          provider: {
            [PROVIDER]: {
              glucose: {
                lastAttempt: { timestamp: lately, status: 'success' },
                oldestData: theSecondOf(history[0]?.measuredAt ?? 0),
                newestData: lately,
                sentCount: atLeast(history.length),
              },
            },
          },
        },
      ],
    }),
  },
  {
    name: 'introspect.getUserHistoricalPulls',
    junction: (c, { person: { userId } }) => c.introspect.getUserHistoricalPulls({ userId, provider: PROVIDER }),
    vital: (c, { person: { userId } }) => c.introspect.getUserHistoricalPulls({ userId, provider: PROVIDER }),
    gives: ({ person: { userId, history } }) => ({
      data: [
        {
          userId,
          provider: {
            [PROVIDER]: {
              pulled: {
                glucose: {
                  status: 'success',
                  rangeStart: theSecondOf(history[0]?.measuredAt ?? 0),
                  rangeEnd: lately,
                  timeline: { scheduledAt: lately, startedAt: lately, endedAt: lately },
                  daysWithData: atLeast(3),
                  windows_done: 1,
                  windows_total: 1,
                  gaps: [],
                },
              },
              notPulled: allOrNone(SIBLINGS),
            },
          },
        },
      ],
    }),
  },
  {
    name: 'aggregate.queryOne',
    junction: (c, { person: { userId } }) => c.aggregate.queryOne({ userId, ...aggregation, queries: [] }),
    vital: (c, { person }) => c.aggregate.queryOne(person.userId, { ...aggregation, queries: [] }),
    gives: null,
  },
  {
    name: 'aggregate.getResultTableForContinuousQuery',
    junction: (c, { person: { userId } }) => c.aggregate.getResultTableForContinuousQuery({ userId, queryIdOrSlug: 'q' }),
    vital: (c, { person }) => c.aggregate.getResultTableForContinuousQuery(person.userId, 'q'),
    gives: null,
  },
  {
    name: 'aggregate.getTaskHistoryForContinuousQuery',
    junction: (c, { person: { userId } }) => c.aggregate.getTaskHistoryForContinuousQuery({ userId, queryIdOrSlug: 'q' }),
    vital: (c, { person }) => c.aggregate.getTaskHistoryForContinuousQuery(person.userId, 'q'),
    gives: null,
  },
  {
    name: 'devices.getRaw',
    junction: (c, { person }) => c.devices.getRaw(person),
    vital: (c, { person }) => c.devices.getRaw(person.userId),
    gives: null,
  },
];
