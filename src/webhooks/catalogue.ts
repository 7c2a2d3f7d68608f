import type { MeasuredReading } from '../glucose/sample';
import { consentEndsAt } from '../life/consentEnd';
import type { Life } from '../life/lifeOf';
import { READINGS_PER_MESSAGE } from './glucoseNews';
import { attemptExhausted, endpointDisabled, endpointFailing, endpointRecovered, isOperational } from './operational';
import {
  connectionCreated,
  connectionDisconnected,
  connectionError,
  connectionExpiring,
  connectionRecovered,
  connectionStale,
  dailyGlucose,
  type EventBody,
  historicalCompleted,
} from './payloads';

/** One kind of event, for the API's contract and the documents. */
export interface EventDescription {
  readonly type: string;
  readonly summary: string;
  readonly description: string;
  /** Made by the builder that makes the real ones. */
  readonly example: unknown;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CONSENTED_AT = Date.parse('2026-11-22T08:00:00Z');
const MEASURED_AT = Date.parse('2026-11-22T08:05:12.438Z');

const connection = {
  _id: '8c1d4f5e-6f39-5c0a-9d7e-2f60b1a4c3d8',
  teamId: '6b74423d-0504-4470-9afb-477252ccf67a',
  userId: '4a29dbc7-6db3-4c83-bfac-70a20a4be1b2',
  clientUserId: 'user-42',
  dexcomUserId: 'b2f0c1d2e3',
  liveFrom: CONSENTED_AT,
  consentedAt: CONSENTED_AT,
} as const;

const endpoint = {
  _id: 'd0c3f7a2-1b64-4e0f-8a55-90c1b2d3e4f5',
  teamId: connection.teamId,
  environment: 'production',
  description: 'the data pipeline',
} as const;

const connected: Life = {
  state: 'connected',
  reason: null,
  since: CONSENTED_AT,
  whatNext: 'Nothing: new readings come by themselves',
};

const reading: MeasuredReading = {
  at: MEASURED_AT,
  mgPerDl: 104,
  recordId: '2f6a1c7e-8d0b-4a53-9e1f-0c4d5b6a7e8f',
  trend: 'flat',
  trendRateMgPerDlPerMin: -0.4,
  status: null,
  utcOffsetSeconds: -28_800,
  rawTimes: null,
  device: {
    transmitterId: '54e8a1f0',
    generation: 'g7',
    variant: null,
    displayDevice: 'iOS',
    displayApp: 'G7',
  },
  transmitterTicks: 402_312,
  twins: [],
};

const describe = ({ type, body }: EventBody, summary: string, description: string): EventDescription => ({
  type,
  summary,
  description,
  example: isOperational(type) ? JSON.parse(body) : { ...JSON.parse(body), sequence: 12 },
});

/** Every type of event there is; nothing else is ever sent. */
export const catalogue: readonly EventDescription[] = [
  describe(
    connectionCreated(connection),
    'A person has connected their Dexcom account',
    'Once per consent. `reconnected` is true for every one after the first of the same account.',
  ),
  describe(
    connectionError(connection, 'revoked'),
    'A connection needs its person',
    'Dexcom no longer accepts the grant. It is tried on for about a day; send the person through Link again. `reason` is `revoked`, `rotation_lost`, `account_changed` or `grant_missing`.',
  ),
  describe(
    connectionRecovered(connection, connected, 'silence'),
    'What was told of a connection is over',
    'Once for each `.error` or `.stale` that ended without a new consent: the grant works again (`after` is `error`), or a newer reading has come (`silence`). A failure that was never told, since it is tried again by itself, has no recovery either.',
  ),
  describe(
    connectionStale(connection, connected, { newestAt: MEASURED_AT, noticedAt: MEASURED_AT + 2 * HOUR_MS, cause: 'nothing_uploaded' }),
    'Nothing has come for longer than this person’s habit',
    'Once per silence. `cause` is the likely one: `dexcom_down`, `sync_failing`, `warm_up` of the next sensor, or `nothing_uploaded`: a phone or receiver that is off, or a sensor that is.',
  ),
  describe(
    connectionDisconnected(connection, {
      ...connected,
      state: 'disconnected',
      reason: 'request',
      whatNext: 'Only a new link brings it back',
    }),
    'A connection was disconnected',
    'By request, or because its user was deleted (`reason` is `request` or `deletion`); once. Not for one whose person has connected another account, nor at the end of an ingestion.',
  ),
  describe(
    connectionExpiring(connection, connected, consentEndsAt(CONSENTED_AT), 30),
    'A consent ends soon',
    '30 and 7 days before a year is over, once each: a new consent in time and nothing is missed.',
  ),
  describe(
    historicalCompleted(connection, { from: CONSENTED_AT - 365 * DAY_MS, to: CONSENTED_AT }),
    'All of the history has been read',
    'Once per historical pull, also if there was none: the first consent’s, and each one asked for later. It carries no readings: page through them with `getGlucoseGrouped`.',
  ),
  describe(
    dailyGlucose('created', connection, [reading]),
    'New readings',
    `Readings seen for the first time that are not history: each in one such event, oldest first, at most ${READINGS_PER_MESSAGE} of them. \`daily\` means as they come, not once a day.`,
  ),
  describe(
    dailyGlucose('updated', connection, [{ ...reading, mgPerDl: 107 }]),
    'Readings that have changed',
    'The same readings as told before, with what Dexcom says of them now: replace by `record_id`, or by `timestamp`.',
  ),
  describe(
    attemptExhausted(
      endpoint,
      { _id: 'msg_5d41402abc4b2a76b9719d911017c592', type: 'daily.data.glucose.created', userId: connection.userId },
      { attempts: 8, lastStatus: 422, lastError: 'HTTP 422' },
    ),
    'A message is given up',
    'An endpoint has refused it for the eighth time while it took others. Told to the team’s other endpoints, as the three that follow; of these four themselves nothing is told.',
  ),
  describe(
    endpointFailing(endpoint, { failingSince: CONSENTED_AT, percent: 50, disableAt: CONSENTED_AT + 5 * DAY_MS }),
    'An endpoint takes nothing',
    'It has not for 50, 70 and 90 % of the five days after which it is disabled; once each.',
  ),
  describe(
    endpointDisabled(endpoint, 'failing', CONSENTED_AT),
    'An endpoint was disabled',
    'Not by its owner: it took nothing for five days (`failing`), or it has answered 410 (`gone`). What waits is kept until it is enabled.',
  ),
  describe(
    endpointRecovered(endpoint, CONSENTED_AT),
    'An endpoint takes messages again',
    'Once for each row of failures that was told by `endpoint.failing`.',
  ),
];
