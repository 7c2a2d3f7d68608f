import { register } from 'prom-client';
import { watchedApps } from '../../src/dexcom/watchedApps';
import { createLog } from '../../src/log';
import { tellRejectedApps } from '../../src/metrics';
import { AppAlarms } from '../../src/storage/appAlarms';
import type { Database } from '../../src/storage/database';
import { eventually } from '../engine/eventually';
import { REDIRECT_URI, type Simulator, startSimulator } from '../simulator';
import { freshDatabase } from '../storage/freshDatabase';
import { dexcomClient, type LoneClient, onlyApp } from './dexcomClient';

const HOUR_MS = 3_600_000;
const log = createLog({ level: 'silent', name: 'test' });

describe('an app that Dexcom does not know', () => {
  let simulator: Simulator;
  let database: Database;
  let alarms: AppAlarms;
  let good: LoneClient;
  let bad: LoneClient;

  beforeAll(async () => {
    [simulator, database] = await Promise.all([startSimulator({ historyDays: 1 }), freshDatabase()]);
    alarms = new AppAlarms(database.db);
    const { url: baseUrl, clientId, clientSecret } = simulator;
    good = dexcomClient({ baseUrl, clientId, clientSecret });
    bad = dexcomClient({ baseUrl, clientId, clientSecret: 'another' });
    tellRejectedApps(() => alarms.standing(Date.now()));
  });
  afterAll(async () => {
    await Promise.all([simulator?.stop(), database?.close(), good?.close(), bad?.close()]);
  });

  const watched = (client: LoneClient) => watchedApps(onlyApp(client), alarms, log).clientFor({ teamId: 'team' });
  const standing = async () => (await alarms.standing(Date.now())).map(({ use }) => use);
  const refused = { kind: 'invalid_client' };

  test('is raised for what it was used for, shown to Prometheus, and cleared by what works again', async () => {
    const rejected = await watched(bad);
    await Promise.all(['a', 'b', 'c'].map((token) => expect(rejected.refresh(token)).rejects.toMatchObject(refused)));
    expect(await standing()).toEqual(['renew']);
    await expect(rejected.exchangeCode({ code: 'c', redirectUri: REDIRECT_URI })).rejects.toMatchObject(refused);
    expect(await standing()).toEqual(['connect', 'renew']);
    const scraped = `continuo_dexcom_app_rejected{region="simulator",client_id="${simulator.clientId}",use="renew"} 1`;
    expect(await register.metrics()).toContain(scraped);

    const sentTo = await simulator.approve(good.authorizeUrl({ redirectUri: REDIRECT_URI, state: 's' }), simulator.person);
    const taken = await watched(good);
    const code = new URL(sentTo).searchParams.get('code') ?? '';
    const { refreshToken } = await taken.exchangeCode({ code, redirectUri: REDIRECT_URI });
    await eventually(async () => expect(await standing()).toEqual(['renew']));
    await taken.refresh(refreshToken);
    await eventually(async () => expect(await standing()).toEqual([]));
    expect(await register.metrics()).not.toContain(scraped);
  });

  test('is news to one of any number at once, and again after it was forgotten', async () => {
    const app = { region: 'us', clientId: 'app', use: 'renew' } as const;
    const now = Date.now();
    const raised = await Promise.all(Array.from({ length: 20 }, () => alarms.raise(app, now)));
    expect(raised.filter(Boolean)).toHaveLength(1);
    expect(await alarms.raise(app, now + 2 * HOUR_MS)).toBe(false);
    expect(await alarms.standing(now + 4 * HOUR_MS)).toMatchObject([{ ...app, since: now }]);
    expect(await alarms.standing(now + 6 * HOUR_MS)).toEqual([]);
    const again = await Promise.all(Array.from({ length: 20 }, () => alarms.raise(app, now + 6 * HOUR_MS)));
    expect(again.filter(Boolean)).toHaveLength(1);
    expect(await alarms.clear(app)).toBe(true);
    expect(await alarms.clear(app)).toBe(false);
  });

  test('is not in the way of what works when nobody can be told', async () => {
    const away = { raise: () => Promise.reject(new Error('away')), clear: () => Promise.reject(new Error('away')) };
    const rejected = await watchedApps(onlyApp(bad), away, log).clientFor({ teamId: 'team' });
    await expect(rejected.refresh('a')).rejects.toMatchObject(refused);
  });
});
