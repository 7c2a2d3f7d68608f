import type { TeamScope } from '../../../storage/apiKeys';

/** Paths of Vital's that begin alike, none of which this engine has. */
export interface NotOfferedFamily {
  readonly paths: RegExp;
  /** Who is told: a team's key with this scope, or the organisation's key that the path names as `orgId`. */
  readonly opener: TeamScope | 'management key';
  /** What the app's developer reads: what there is instead. */
  readonly sentence: string;
}

const READ_GLUCOSE = 'read glucose from GET /v2/timeseries/{user_id}/glucose/grouped';

/** What a Dexcom account does not have, or an engine of one's own does not need (vital-api.md §1.3, §5, §11.2). */
const families: readonly NotOfferedFamily[] = [
  {
    paths: /^\/v2\/timeseries\//,
    opener: 'glucose:read',
    sentence: `This timeseries is not offered, for no Dexcom account has it: ${READ_GLUCOSE}`,
  },
  {
    paths: /^\/v2\/summary\//,
    opener: 'glucose:read',
    sentence: `Summaries are not offered, for Dexcom tells readings only: ${READ_GLUCOSE}`,
  },
  {
    paths: /^\/(v3|lab_report|v2\/(orders?|lab_tests?|testkit|insurance|payor|compendium))(\/|$)/,
    opener: 'users:read',
    sentence: 'Laboratory tests are not offered, nor their orders and insurances: this engine reads Dexcom accounts',
  },
  {
    paths: /^\/v1\/org\/(?<orgId>[^/]+)\/(team\/[^/]+\/(scope_requirements|\w+\/event_delivery_metric)|team_etl_pipelines\/\w+\/\w+)\/?$/,
    opener: 'management key',
    sentence:
      'Scope requirements, pipelines and delivery metrics are not offered: Dexcom’s consent is all or nothing, events go to webhooks, and ' +
      'METRICS_PORT has Prometheus’ metrics',
  },
];

/** The family that `path` is of; null: nobody has ever offered it. */
export const notOfferedFamily = (path: string): NotOfferedFamily | null => families.find(({ paths }) => paths.test(path)) ?? null;
