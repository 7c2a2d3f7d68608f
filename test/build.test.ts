import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

interface Ended {
  readonly code: number;
  readonly said: string;
}

/** Below the repository, where a built file finds the dependencies. */
const parent = resolve('node_modules');

describe('npm run build', () => {
  let dist = '';

  beforeAll(async () => {
    // Types are `npm run verify`'s; here it is what comes out that counts.
    dist = await mkdtemp(join(parent, '.continuo-build-'));
    const built = await node({}, require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', dist, '--noCheck');
    expect(built).toEqual({ code: 0, said: '' });
  });

  afterAll(() => rm(dist, { recursive: true, force: true }));

  test.each(['server.js', 'worker.js'])(
    'gives a %s that refuses to start without its configuration, and names what is missing',
    async (entry) => {
      const { code, said } = await node({}, join(dist, 'src', entry));
      expect(code).toBe(1);
      for (const name of ['TEMPORAL_ADDRESS', 'MONGODB_URI', 'CONTINUO_ENCRYPTION_KEYS', 'DEXCOM_CLIENT_ID'])
        expect(said).toContain(`${name} is not set`);
      expect(said).not.toMatch(/^\s+at /m);
    },
  );

  test('gives an admin.js that tells how it is used', async () => {
    const { code, said } = await node({}, join(dist, 'src', 'admin.js'), '--help');
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('Usage: admin') });
  });
});

const node = (environment: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended> =>
  new Promise((done) => {
    execFile(process.execPath, [...args], { env: environment }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, said: `${stdout}${stderr}` });
    });
  });
