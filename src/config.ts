import { z } from 'zod';
import { CALLS_PER_HOUR, callsPerHour } from './config/callsPerHour';
import { dexcomApps, dexcomPlacing, dexcomVariables } from './config/dexcomApps';
import { parts, ports, text, webUrl } from './config/values';
import type { OperatorApps } from './dexcom/apps';
import type { RegionApp } from './dexcom/registration';
import type { CallLimits } from './quota/createCallGate';
import { type EncryptionKey, parseKeys } from './security/keyring';
import { HTTPS_PORTS } from './webhooks/egress/endpointUrl';

/** What both processes need to know, read once from the environment. */
export interface Config {
  readonly temporal: { readonly address: string; readonly namespace: string; readonly queuePrefix: string };
  readonly mongodb: { readonly uri: string; readonly database: string };
  readonly encryptionKeys: readonly EncryptionKey[];
  /** `publicUrl` is where browsers and apps reach the API, without a trailing slash. */
  readonly http: { readonly host: string; readonly port: number; readonly publicUrl: string };
  readonly dexcom: OperatorApps;
  readonly callLimits: CallLimits;
  /** How often the sensors read; every wait scales with it. */
  readonly cadenceMs: number;
  /** Webhook hosts that may be private or without https. */
  readonly webhookAllowedHosts: readonly string[];
  /** Webhook ports of all other hosts. */
  readonly webhookAllowedPorts: readonly number[];
  /** How long an event stays in the pull feed. */
  readonly feedKeptMs: number;
  /** Memory of the API for days of readings as answers say them; 0: none. */
  readonly queryCacheBytes: number;
  readonly logLevel: LogLevel;
  readonly metricsPort: number | null;
}

export type LogLevel = (typeof logLevels)[number];

/** Tells which variables are wrong and how, never what they hold. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
/** Sensors count in whole seconds: readings closer than this may be of one count, which is the mark of twins (glucose/twins.ts). */
const SHORTEST_CADENCE_MS = 2_000;
const LONGEST_CADENCE_MS = 3_600_000;
const DAY_MS = 86_400_000;
const MB = 1_000_000;
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const port = z.coerce.number('is not a port').int('is not a port').min(0, 'is not a port').max(65_535, 'is not a port');
const days = z.coerce
  .number('is no number of days')
  .int('is no whole number of days')
  .min(1, 'is less than a day')
  .max(366, 'is more than a year');

const megabytes = z.coerce
  .number('is no number of megabytes')
  .int('is no whole number of megabytes')
  .min(0, 'is less than nothing')
  .max(4_096, 'is more than 4096 MB');

const Variables = z.object({
  TEMPORAL_ADDRESS: text.regex(/^[^\s/:]+:\d+$|^\[.+\]:\d+$/, 'is not <host>:<port>'),
  TEMPORAL_NAMESPACE: text.default('default'),
  MONGODB_URI: text.regex(/^mongodb(\+srv)?:\/\//, 'is not a mongodb:// or mongodb+srv:// address'),
  MONGODB_DATABASE: text.regex(/^[\w-]{1,63}$/, 'has characters a database name cannot have').default('continuo'),
  CONTINUO_ENCRYPTION_KEYS: text.transform(encryptionKeys),
  CONTINUO_QUEUE_PREFIX: z.string().default(''),
  HOST: text.default('127.0.0.1'),
  PORT: port.default(3000),
  PUBLIC_URL: webUrl.optional(),
  ...dexcomVariables,
  DEXCOM_TIMEOUT: text.default('60s').transform(duration(1_000, 60_000, '1s and 60s, such as 30s')),
  DEXCOM_CALLS_PER_HOUR: z.string().default(CALLS_PER_HOUR).transform(callsPerHour),
  READING_INTERVAL: text.default('5m').transform(duration(SHORTEST_CADENCE_MS, LONGEST_CADENCE_MS, '2s and 1h, such as 5m')),
  WEBHOOK_ALLOWED_HOSTS: z.string().default('').transform(list),
  WEBHOOK_ALLOWED_PORTS: z.string().default(HTTPS_PORTS.join(',')).transform(ports),
  EVENTS_KEPT_DAYS: days.default(30),
  QUERY_CACHE_MB: megabytes.default(64),
  LOG_LEVEL: z.enum(logLevels, `is not one of ${logLevels.join(', ')}`).default('info'),
  METRICS_PORT: port.optional(),
});

/** Every variable there is: docs/configuration.md and docker-compose.yml are held against this list. */
export const environmentVariables: readonly string[] = Object.keys(Variables.shape);

/**
 * Reads the environment; an empty variable counts as unset.
 * @throws ConfigError naming every variable that is wrong
 */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const data = parsed(Variables, environment, dexcomPlacing);
  return {
    temporal: { address: data.TEMPORAL_ADDRESS, namespace: data.TEMPORAL_NAMESPACE, queuePrefix: data.CONTINUO_QUEUE_PREFIX },
    mongodb: { uri: data.MONGODB_URI, database: data.MONGODB_DATABASE },
    encryptionKeys: data.CONTINUO_ENCRYPTION_KEYS,
    http: { host: data.HOST, port: data.PORT, publicUrl: data.PUBLIC_URL ?? `http://localhost:${data.PORT}` },
    dexcom: { ...dexcomApps(data), answerWithinMs: data.DEXCOM_TIMEOUT },
    callLimits: data.DEXCOM_CALLS_PER_HOUR,
    cadenceMs: data.READING_INTERVAL,
    webhookAllowedHosts: data.WEBHOOK_ALLOWED_HOSTS,
    webhookAllowedPorts: data.WEBHOOK_ALLOWED_PORTS,
    feedKeptMs: data.EVENTS_KEPT_DAYS * DAY_MS,
    queryCacheBytes: data.QUERY_CACHE_MB * MB,
    logLevel: data.LOG_LEVEL,
    metricsPort: data.METRICS_PORT ?? null,
  };
}

/** The part a command line needs that only reads and writes the database. @throws ConfigError */
export function loadMongodbConfig(environment: Readonly<Record<string, string | undefined>>): Config['mongodb'] {
  const { MONGODB_URI: uri, MONGODB_DATABASE: database } = parsed(
    Variables.pick({ MONGODB_URI: true, MONGODB_DATABASE: true }),
    environment,
  );
  return { uri, database };
}

/** What else it needs to tell workflows of what it did. @throws ConfigError */
export function loadWorkflowConfig(environment: Readonly<Record<string, string | undefined>>): Pick<Config, 'temporal' | 'cadenceMs'> {
  const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, CONTINUO_QUEUE_PREFIX, READING_INTERVAL } = Variables.shape;
  const data = parsed(z.object({ TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, CONTINUO_QUEUE_PREFIX, READING_INTERVAL }), environment);
  return {
    temporal: { address: data.TEMPORAL_ADDRESS, namespace: data.TEMPORAL_NAMESPACE, queuePrefix: data.CONTINUO_QUEUE_PREFIX },
    cadenceMs: data.READING_INTERVAL,
  };
}

/** What else it needs to seal and open what it stores. @throws ConfigError */
export const loadEncryptionKeys = (environment: Readonly<Record<string, string | undefined>>): Config['encryptionKeys'] =>
  parsed(Variables.pick({ CONTINUO_ENCRYPTION_KEYS: true }), environment).CONTINUO_ENCRYPTION_KEYS;

/** What a boot line may show: no password, no secret, of keys only their ids. */
export function configSummary({ encryptionKeys, mongodb, dexcom, ...open }: Config): Record<string, unknown> {
  return {
    ...open,
    mongodb: { ...mongodb, uri: mongodb.uri.replace(/\/\/[^@/]*@/, '//***@') },
    encryptionKeys: encryptionKeys.map(({ kid }) => kid),
    dexcom: { current: dexcom.current.map(withoutSecret), former: dexcom.former.map(withoutSecret) },
  };
}

const withoutSecret = (app: RegionApp): object => ({ ...app, clientSecret: '***' });

/** @param others what must hold of them besides */
function parsed<T>(variables: z.ZodType<T>, environment: Readonly<Record<string, string | undefined>>, ...others: readonly z.ZodType[]): T {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { success, data, error } = variables.safeParse(given);
  const wrong = new Set([error, ...others.map((other) => other.safeParse(given).error)].flatMap((one) => (one ? describeIssues(one) : [])));
  if (!success || wrong.size > 0) throw new ConfigError(`the configuration is wrong:\n${[...wrong].join('\n')}`);
  return data;
}

const describeIssues = ({ issues }: z.ZodError): string[] => issues.map(({ path, message }) => `  ${path.join('.')} ${message}`);

function encryptionKeys(value: string, context: z.RefinementCtx): readonly EncryptionKey[] {
  try {
    return parseKeys(value);
  } catch (error) {
    context.addIssue({ code: 'custom', message: `cannot be used: ${error instanceof Error ? error.message : 'not keys'}` });
    return z.NEVER;
  }
}

/** `10s`, `5m` … to milliseconds. */
function duration(leastMs: number, mostMs: number, between: string) {
  return (value: string, context: z.RefinementCtx): number => {
    const [, amount, unit] = /^(\d{1,9})(ms|s|m|h)$/.exec(value) ?? [];
    const milliseconds = Number(amount) * UNIT_MS[isUnit(unit) ? unit : 'ms'];
    if (milliseconds >= leastMs && milliseconds <= mostMs) return milliseconds;
    context.addIssue({ code: 'custom', message: `is not a time between ${between}` });
    return z.NEVER;
  };
}

const isUnit = (unit: string | undefined): unit is keyof typeof UNIT_MS => unit !== undefined && unit in UNIT_MS;

function list(value: string): readonly string[] {
  return parts(value.toLowerCase());
}
