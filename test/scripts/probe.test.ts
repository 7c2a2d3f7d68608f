import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { signInUrl } from '../../scripts/probe/dexcom';
import { probeDexcom } from '../../scripts/probe/probeDexcom';
import { report } from '../../scripts/probe/report';
import { DEFAULT_SETTINGS, type Settings } from '../../simulator/world/settings';
import { REDIRECT_URI, type Simulator, startSimulator } from '../simulator';

const ROOT = join(__dirname, '../..');

const AS_BY_DEFAULT = {
  windowEnd: 'exclusive',
  order: 'newestFirst',
  errorBody: 'json',
  lastSyncTime: 'visible',
  recordType: 'singular',
  windowZ: 'refused',
  invalidClientStatus: 400,
} as const satisfies Partial<Settings>;

const OTHERWISE = {
  windowEnd: 'inclusive',
  order: 'oldestFirst',
  errorBody: 'text',
  lastSyncTime: 'systemTime',
  recordType: 'plural',
  windowZ: 'accepted',
  invalidClientStatus: 401,
} as const satisfies Partial<Settings>;

/** A Dexcom with an hour's delay and a receiver, whose times are of whole seconds. */
describe('the probe', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ people: 0 });
    await simulator.control.addPerson({ id: 'prober', historyDays: 2, delay: '1h', device: 'g6-receiver' });
    await simulator.control.addPerson({ id: 'newcomer', historyDays: 0, delay: '1d' });
  });
  afterAll(() => simulator?.stop());

  const app = () => {
    const { url: baseUrl, clientId, clientSecret } = simulator;
    return { baseUrl, clientId, clientSecret, redirectUri: REDIRECT_URI };
  };

  async function probed(change: Partial<Settings>, person = 'prober') {
    await simulator.control.settings({ ...DEFAULT_SETTINGS, ...change });
    const sentTo = await simulator.approve(signInUrl(app()), person);
    return probeDexcom(app(), new URL(sentTo).searchParams.get('code') ?? '');
  }
  const settingsOf = (findings: Awaited<ReturnType<typeof probed>>): Partial<Settings> =>
    Object.assign({}, ...findings.map(({ settings }) => settings ?? {}));

  test.each([
    ['as the simulator does by default', AS_BY_DEFAULT],
    ['the other way in everything', OTHERWISE],
    ['shuffling its records', { ...AS_BY_DEFAULT, order: 'shuffled' }],
    ['closing its windows alone', { ...AS_BY_DEFAULT, windowEnd: 'inclusive' }],
    ['refusing in plain text alone', { ...OTHERWISE, windowEnd: 'exclusive', lastSyncTime: 'visible', recordType: 'singular' }],
  ] as const)('finds a Dexcom that behaves %s, and warns of nothing', async (_, settings) => {
    const findings = await probed(settings);
    expect(settingsOf(findings)).toEqual(settings);
    expect(findings.map(({ unknown }) => unknown)).toEqual(['U1', 'U2', 'U3', 'U6', 'U12', 'U13', 'U14']);
    expect(findings.flatMap(({ engine }) => engine ?? [])).toEqual([]);
  });

  test('says what cannot be settled with a person who has no readings', async () => {
    const findings = await probed({}, 'newcomer');
    const open = findings.filter(({ found }) => found.startsWith('not settled')).map(({ unknown }) => unknown);
    expect(open).toEqual(['U1', 'U2', 'U6']);
    expect(report(findings)).toContain('none: its defaults are right');
  });

  test('warns of a Dexcom whose refusals the engine does not understand', async () => {
    await simulator.control.addFault({ kind: 'html', status: 403, endpoints: ['token'], skip: 1 });
    const findings = await probed({});
    await simulator.control.clearFaults();
    expect(report(findings)).toMatch(/U14 the alarm of a rejected app goes by the word invalid_client/);
  });

  test('has a document that leaves none of the fifteen unknowns out', () => {
    const rows = readFileSync(join(ROOT, 'docs/dexcom-unknowns.md'), 'utf8').matchAll(/^\| (U\d+) \|[^|]+\|[^|]{20,}\|[^|]+\|$/gm);
    expect([...rows].map(([, unknown]) => unknown)).toEqual(Array.from({ length: 15 }, (_, n) => `U${n + 1}`));
  });

  test('asks for a sign-in on the terminal and prints the settings to change', async () => {
    await simulator.control.settings({ ...DEFAULT_SETTINGS, ...OTHERWISE });
    const { baseUrl, clientId, clientSecret } = app();
    const program = spawn(
      process.execPath,
      ['--import', 'tsx', 'scripts/probe.ts', '--base-url', baseUrl, '--redirect-uri', REDIRECT_URI],
      {
        cwd: ROOT,
        env: { ...process.env, DEXCOM_CLIENT_ID: clientId, DEXCOM_CLIENT_SECRET: clientSecret },
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    const [asked] = await once(program.stdout, 'data');
    const link = /http\S+/.exec(String(asked))?.[0] ?? '';
    program.stdin.end(`${await simulator.approve(link, 'prober')}\n`);
    const [printed, complained] = await Promise.all([text(program.stdout), text(program.stderr)]);
    expect(complained.replace(/^.*ExperimentalWarning.*$/gm, '').trim()).toBe('');
    expect(JSON.parse(/^\{.*^\}/ms.exec(printed)?.[0] ?? '{}')).toEqual(OTHERWISE);
    expect(printed).toContain('nothing: it is right either way');
    expect(printed).not.toContain(clientSecret);
  });
});
