import { z } from 'zod';
import type { OperatorApps } from '../dexcom/apps';
import { DEXCOM_URLS, type DexcomRegion, dexcomRegions, isDexcomRegion } from '../dexcom/region';
import type { RegionApp } from '../dexcom/registration';
import { parts, text, webUrl } from './values';

type GivenApp = Omit<RegionApp, 'baseUrl'>;

const placing = {
  DEXCOM_REGION: z.string().transform(regions).optional(),
  DEXCOM_BASE_URL: webUrl.optional(),
  DEXCOM_APPS: z.string().default('').transform(apps),
  DEXCOM_FORMER_APPS: z.string().default('').transform(apps),
};

/** One app in one region is its id, its secret and the region; the others are for more of either. */
export const dexcomVariables = { DEXCOM_CLIENT_ID: text, DEXCOM_CLIENT_SECRET: text, ...placing };

type Given = z.output<z.ZodObject<typeof dexcomVariables>>;
type Placing = z.output<z.ZodObject<typeof placing>>;

/** What is wrong with those together that say where. By itself: zod looks at what is wrong together only where nothing else is. */
export const dexcomPlacing = z.object(placing).superRefine((given, context) => {
  const problem = problemOf(given);
  if (problem) context.addIssue({ code: 'custom', path: [problem[0]], message: problem[1] });
});

function problemOf(given: Placing): readonly [keyof Placing, string] | null {
  const { DEXCOM_REGION: region, DEXCOM_BASE_URL: baseUrl } = given;
  if (!region && !baseUrl) return ['DEXCOM_REGION', 'is not set, nor is DEXCOM_BASE_URL'];
  if (region && baseUrl && !region.includes('simulator'))
    return ['DEXCOM_REGION', 'and DEXCOM_BASE_URL are both set: choose one, or add simulator to the regions'];

  const simulated = given.DEXCOM_FORMER_APPS.some((app) => app.region === 'simulator');
  if (!baseUrl && (region?.includes('simulator') || simulated)) return ['DEXCOM_BASE_URL', 'is not set: where is the simulator?'];
  const offered = regionsOf(given);
  return given.DEXCOM_APPS.every((app) => offered.includes(app.region))
    ? null
    : ['DEXCOM_APPS', 'names a region that DEXCOM_REGION does not'];
}

/** @param given as `dexcomPlacing` lets it pass */
export function dexcomApps(given: Given): OperatorApps {
  const { DEXCOM_CLIENT_ID: clientId, DEXCOM_CLIENT_SECRET: clientSecret, DEXCOM_BASE_URL: simulator } = given;
  const placed = (app: GivenApp): RegionApp => ({ ...app, baseUrl: { ...DEXCOM_URLS, simulator: simulator ?? '' }[app.region] });
  const appIn = (region: DexcomRegion): RegionApp =>
    placed(given.DEXCOM_APPS.find((own) => own.region === region) ?? { region, clientId, clientSecret });

  const [first, ...others] = regionsOf(given);
  return { current: [appIn(first), ...others.map(appIn)], former: given.DEXCOM_FORMER_APPS.map(placed) };
}

/** An address alone is a simulator's, or whatever else speaks Dexcom's language. */
const regionsOf = ({ DEXCOM_REGION: region }: Placing): readonly [DexcomRegion, ...DexcomRegion[]] => region ?? ['simulator'];

function regions(value: string, context: z.RefinementCtx): readonly [DexcomRegion, ...DexcomRegion[]] {
  const names = parts(value.toLowerCase());
  const [first, ...others] = names.filter(isDexcomRegion);
  if (first && others.length === names.length - 1 && new Set(names).size === names.length) return [first, ...others];
  context.addIssue({ code: 'custom', message: `is not one or several of ${dexcomRegions.join(', ')}, each once` });
  return z.NEVER;
}

/** `<region>:<client id>:<client secret>`, several separated by commas. */
function apps(value: string, context: z.RefinementCtx): readonly GivenApp[] {
  return parts(value).flatMap((part) => {
    const [, region = '', clientId = '', clientSecret = ''] = /^(\w+):([^:]+):(.+)$/.exec(part) ?? [];
    if (isDexcomRegion(region)) return { region, clientId, clientSecret };
    context.addIssue({ code: 'custom', message: 'is not <region>:<client id>:<client secret>' });
    return [];
  });
}
