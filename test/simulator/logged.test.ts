import type { Simulator } from '../simulator';
import { connect, egvs, egvsPath, get, stoppedSimulator, type Tokens } from './app';

const DAY = 86_400_000;
const HOUR = 3_600_000;

type LoggedRecord = Readonly<Record<string, string | number | null>>;

let simulator: Simulator;
let now: number;
beforeAll(async () => {
  ({ simulator, now } = await stoppedSimulator());
});
afterAll(() => simulator.stop());

async function connected(person: Parameters<Simulator['control']['addPerson']>[0]): Promise<Tokens> {
  await simulator.control.addPerson({ historyDays: 40, ...person });
  return connect(simulator, person.id);
}
async function list(tokens: Tokens, name: string, from = now - 30 * DAY, to = now): Promise<LoggedRecord[]> {
  const { status, text } = await get(simulator, tokens, egvsPath(from, to).replace('egvs', name));
  if (status !== 200) throw new Error(`${name} answered ${status}: ${text}`);
  const { records }: { records: LoggedRecord[] } = JSON.parse(text);
  return records;
}
const words = (records: readonly LoggedRecord[], field: string): string[] =>
  [...new Set(records.map((record) => String(record[field])))].toSorted();

describe('§8.30 beside the readings', () => {
  let tokens: Tokens;
  beforeAll(async () => {
    tokens = await connected({ id: 'zoe', device: 'g6-ios', records: 'all' });
  });

  test('there are events of all kinds, entered a little after they happened', async () => {
    const events = await list(tokens, 'events');
    expect(words(events, 'eventType')).toEqual(['bloodGlucose', 'carbs', 'exercise', 'health', 'insulin', 'notes']);
    expect(words(events, 'eventStatus')).toEqual(['created']);
    for (const event of events) {
      expect(event).toMatchObject({
        recordId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        displayDevice: 'iOS',
        transmitterGeneration: 'g6',
        transmitterId: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      const enteredAfterMs = Date.parse(String(event.recordedSystemTime)) - Date.parse(String(event.systemTime));
      expect(enteredAfterMs >= 0 && enteredAfterMs <= 15 * 60_000).toBe(true);
    }
    const carbs = events.filter(({ eventType }) => eventType === 'carbs');
    expect(carbs.length).toBeGreaterThan(60);
    expect(
      carbs.every(
        ({ unit, value, eventSubType }) => unit === 'grams' && typeof value === 'string' && Number(value) > 0 && eventSubType === null,
      ),
    ).toBe(true);
  });

  test('there are calibrations with the sensor’s ticks', async () => {
    const calibrations = await list(tokens, 'calibrations');
    expect(calibrations.length).toBeGreaterThan(3);
    for (const { value, unit, transmitterTicks } of calibrations) {
      expect(unit).toBe('mg/dL');
      expect(Number(value) > 39 && Number(value) < 401 && Number(transmitterTicks) > 0).toBe(true);
    }
  });

  test('there are alerts, each where the readings say so', async () => {
    const alerts = await list(tokens, 'alerts');
    expect(words(alerts, 'alertName')).toEqual(expect.arrayContaining(['low', 'noReadings']));
    expect(words(alerts, 'alertState')).toEqual(['activeAlarming', 'inactive']);
    const values = new Map((await egvs(simulator, tokens, now - 30 * DAY, now)).map(({ systemTime, value }) => [systemTime, value]));
    for (const { alertName, alertState, systemTime } of alerts) {
      if (alertName === 'low') expect((values.get(String(systemTime)) ?? 0) < 70).toBe(alertState === 'activeAlarming');
    }
  });

  test.each(['events', 'calibrations', 'alerts'])('%s are the same in one window as in many', async (name) => {
    const parts: LoggedRecord[] = [];
    for (let from = now - 6 * DAY; from < now; from += 6 * HOUR) parts.unshift(...(await list(tokens, name, from, from + 6 * HOUR)));
    expect(parts).toEqual(await list(tokens, name, now - 6 * DAY, now));
  });

  test('dataRange spans events and calibrations too', async () => {
    const newest = async (name: string) => (await list(tokens, name))[0]?.systemTime;
    expect((await get(simulator, tokens, 'dataRange')).body).toMatchObject({
      events: { end: { systemTime: await newest('events') } },
      calibrations: { end: { systemTime: await newest('calibrations') } },
    });
  });

  test('the ledger knows what exists and what was served', async () => {
    const [event] = (await simulator.control.records('zoe', { type: 'event', from: now - 30 * DAY })).filter(
      ({ measuredAt }) => measuredAt < now,
    );
    expect(event).toMatchObject({ servedTo: ['continuo'], recordId: (await list(tokens, 'events')).at(-1)?.recordId });
    expect(await simulator.control.records('zoe', { type: 'event', from: now - 39 * DAY, to: now - 31 * DAY })).toEqual(
      expect.arrayContaining([expect.objectContaining({ servedCount: 0 })]),
    );
  });

  test('a ONE has no events and no calibrations, and a ONE+ none of the four alerts', async () => {
    const one = await connected({ id: 'one', device: 'one-ios', records: 'one' });
    const onePlus = await connected({ id: 'one-plus', device: 'one-plus-ios', records: 'one' });
    for (const tokens of [one, onePlus]) {
      expect(await list(tokens, 'events')).toEqual([]);
      expect(await list(tokens, 'calibrations')).toEqual([]);
      expect((await get(simulator, tokens, 'dataRange')).body).toMatchObject({ events: null, calibrations: null });
    }
    expect(words(await list(one, 'alerts'), 'displayApp')).toEqual(['DexcomOne']);
    const names = words(await list(onePlus, 'alerts'), 'alertName');
    expect(names).toEqual(expect.arrayContaining(['high']));
    for (const name of ['urgentLow', 'urgentLowSoon', 'rise', 'fall']) expect(names).not.toContain(name);
  });
});

describe('§8.29 events', () => {
  test('updated or deleted later keep their recordId by one switch', async () => {
    await simulator.control.addPerson({ id: 'editor', historyDays: 10, records: 'all', eventEdits: 'sameId' });
    const start = now;
    const edits = async () => {
      const records = await list(await connect(simulator, 'editor'), 'events', start, start + 6 * DAY);
      return new Map(records.map(({ recordId, eventStatus }) => [recordId, eventStatus]));
    };
    ({ now } = await simulator.control.clock({ advance: '6d' }));
    const statuses = await edits();
    expect(new Set(statuses.values())).toEqual(new Set(['created', 'updated', 'deleted']));
    const records = await simulator.control.records('editor', { type: 'event', from: start, to: now });
    expect(
      records.filter(({ changedAt }) => changedAt !== undefined).every(({ changedAt, visibleAt }) => changedAt === (visibleAt ?? 0) + HOUR),
    ).toBe(true);
  });

  test('have a second record beside them by the other, an hour after the first', async () => {
    await simulator.control.addPerson({ id: 'rewriter', historyDays: 10, records: 'all', eventEdits: 'newId' });
    const records = await simulator.control.records('rewriter', { type: 'event' });
    const edits = records.filter(({ fields }) => fields.eventStatus !== 'created');
    expect(edits.length).toBeGreaterThan(5);
    for (const edit of edits) {
      const first = records.find(({ key }) => `${key}:edit` === edit.key);
      expect(first).toMatchObject({ measuredAt: edit.measuredAt, fields: { eventStatus: 'created' } });
      expect(first?.recordId).not.toBe(edit.recordId);
      expect(edit.visibleAt).toBe((first?.visibleAt ?? 0) + HOUR);
    }
  });
});
