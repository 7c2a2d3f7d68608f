import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { version } from '../package.json';
import { environmentVariables, loadConfig } from '../src/config';
import { searchAttributeNames } from '../src/temporal/searchAttributes';

const Service = z.object({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  restart: z.string(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  configs: z.array(z.object({ source: z.string(), target: z.string() })).default([]),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  ports: z.array(z.string()).default([]),
});
const Compose = z.object({ services: z.record(z.string(), Service), configs: z.record(z.string(), z.object({ content: z.string() })) });

const given: Readonly<Record<string, string>> = {
  MONGODB_PASSWORD: 'm0ng0',
  POSTGRES_PASSWORD: 'p0stgr3s',
  CONTINUO_ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  DEXCOM_CLIENT_ID: 'id',
  DEXCOM_CLIENT_SECRET: 'secret',
  DEXCOM_REGION: 'eu',
  PUBLIC_URL: 'https://glucose.example.com',
};

const text = readFileSync('docker-compose.yml', 'utf8');
const composed = (environment: Readonly<Record<string, string>>) => Compose.parse(interpolated(parse(text, { merge: true }), environment));
const { services, configs } = composed(given);
const ours = Object.entries(services).filter(([, { build }]) => build !== undefined);
const service = (name: string) => {
  const found = services[name];
  if (!found) throw new Error(`there is no service ${name}`);
  return found;
};

describe('docker-compose.yml', () => {
  test('builds the API and the worker, and nothing else', () => {
    expect(ours.map(([name]) => name)).toEqual(['api', 'worker']);
    for (const [, { command = [] }] of ours) expect(existsSync((command.at(-1) ?? '').replace(/^dist\/(.*)\.js$/, '$1.ts'))).toBe(true);
  });

  test.each(ours)('gives the %s only variables that it knows', (_, { environment }) => {
    expect(Object.keys(environment).filter((name) => !environmentVariables.includes(name))).toEqual([]);
  });

  test.each(ours)('gives the %s all that it needs to start', (_, { environment }) => {
    const config = loadConfig(Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)])));
    expect(config).toMatchObject({ http: { host: '0.0.0.0', port: 3000 }, metricsPort: 9464, webhookAllowedHosts: [] });
  });

  test.each(Object.keys(given))('starts nothing without %s', (name) => {
    const { [name]: _, ...others } = given;
    expect(() => composed(others)).toThrow(name);
  });

  test('pins every image to one version', () => {
    const images = Object.values(services).map(({ image }) => image);
    expect(images.filter((image) => !/:\d+\.\d+(\.\d+)?(-[a-z]+)?$/.test(image))).toEqual([]);
    expect(service('api').image).toBe(`continuo:${version}`);
    expect(service('temporal').image.split(':')[1]).toBe(service('temporal-schema').image.split(':')[1]);
  });

  test('starts the API and the worker again whenever they end: at boot they wait for nothing', () => {
    expect(ours.map(([, { restart }]) => restart)).toEqual(['unless-stopped', 'unless-stopped']);
  });

  test('waits for what is healthy or done, never for what cannot tell', () => {
    for (const { depends_on } of Object.values(services))
      for (const [name, { condition }] of Object.entries(depends_on)) {
        const awaited = service(name);
        if (condition === 'service_healthy') expect(awaited.healthcheck).toBeDefined();
        else expect([condition, awaited.restart]).toEqual(['service_completed_successfully', 'on-failure:5']);
      }
  });

  test.each([
    ['api', 'http.port'],
    ['worker', 'metricsPort'],
  ])('asks the %s for its health where it listens', (name, path) => {
    const port = path === 'http.port' ? (service(name).environment.PORT ?? 3000) : service(name).environment.METRICS_PORT;
    expect(service(name).healthcheck?.test.join(' ')).toContain(`http://127.0.0.1:${port}/`);
  });

  test('registers our search attributes, as keywords, in the namespace that the worker uses', () => {
    const script = configs['temporal-namespace']?.content ?? '';
    const names = /for name in ([\w ]+); do/.exec(script)?.[1]?.split(' ');
    expect(names?.toSorted()).toEqual([...searchAttributeNames].sort());
    expect(script).toContain('--type Keyword');
    expect(service('temporal-namespace').environment.TEMPORAL_NAMESPACE).toBe(service('worker').environment.TEMPORAL_NAMESPACE);
  });

  test('publishes to this machine only', () => {
    for (const { ports } of Object.values(services)) for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test('mounts only scripts that it holds', () => {
    for (const { configs: mounts } of Object.values(services)) for (const { source } of mounts) expect(configs).toHaveProperty([source]);
  });
});

describe('Dockerfile', () => {
  const dockerfile = readFileSync('Dockerfile', 'utf8');

  test('starts from one pinned Debian image and does not run as root', () => {
    const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(({ 1: image }) => image);
    expect(new Set(images).size).toBe(1);
    expect(images[0]).toMatch(/^node:22\.\d+\.\d+-bookworm-slim$/);
    expect(dockerfile).toMatch(/^USER node$/m);
  });

  test('copies what exists, and .dockerignore lets it through', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(({ 1: paths = '' }) => paths.split(' '));
    const allowed = readFileSync('.dockerignore', 'utf8').split('\n');
    for (const path of copied) {
      expect(existsSync(path)).toBe(true);
      expect(allowed).toContain(`!${path}`);
    }
  });
});

/** As compose does it, in every text: `${NAME:?message}` refuses, `${NAME:-default}` falls back, `$$` is a dollar. */
function interpolated(value: unknown, environment: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((item) => interpolated(item, environment));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolated(item, environment)]));
  if (typeof value !== 'string') return value;

  return value.replace(/\$\$|\$\{(\w+)(:[?-])([^}]*)\}/g, (whole, name: string | undefined, kind: string, rest: string) => {
    if (whole === '$$' || name === undefined) return '$';
    const set = environment[name];
    if (set) return set;
    if (kind === ':?') throw new Error(`${name}: ${rest}`);
    return rest;
  });
}
