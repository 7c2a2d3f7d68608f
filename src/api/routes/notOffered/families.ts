import type { TeamScope } from '../../../storage/apiKeys';

/** Paths of Vital's that begin alike, none of which this engine has. */
export interface NotOfferedFamily {
  readonly paths: RegExp;
  /** Of the team's key that is told. */
  readonly scope: TeamScope;
  /** What the app's developer reads: what there is instead. */
  readonly sentence: string;
}

const READ_GLUCOSE = 'read glucose from GET /v2/timeseries/{user_id}/glucose/grouped';

/** What a Dexcom account does not have: other timeseries, summaries, laboratory tests (vital-api.md §5, §11.2). */
const families: readonly NotOfferedFamily[] = [
  {
    paths: /^\/v2\/timeseries\//,
    scope: 'glucose:read',
    sentence: `This timeseries is not offered, for no Dexcom account has it: ${READ_GLUCOSE}`,
  },
  {
    paths: /^\/v2\/summary\//,
    scope: 'glucose:read',
    sentence: `Summaries are not offered, for Dexcom tells readings only: ${READ_GLUCOSE}`,
  },
  {
    paths: /^\/(v3|lab_report|v2\/(orders?|lab_tests?|testkit|insurance|payor|compendium))(\/|$)/,
    scope: 'users:read',
    sentence: 'Laboratory tests are not offered, nor their orders and insurances: this engine reads Dexcom accounts',
  },
];

/** The family that `path` is of; null: nobody has ever offered it. */
export const notOfferedFamily = (path: string): NotOfferedFamily | null => families.find(({ paths }) => paths.test(path)) ?? null;
