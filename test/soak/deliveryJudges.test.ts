import { once } from 'node:events';
import { request } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { drawBy } from '../../soak/draw';
import { drawScripts, type EndpointScript, mannerOf } from '../../soak/endpoints/script';
import { ScriptedEndpoint } from '../../soak/endpoints/scriptedEndpoint';
import type { Tried } from '../../soak/endpoints/tried';
import { compareFeed } from '../../soak/judge/deliveries/compareFeed';
import { type EndpointFacts, type EndpointVerdict, judgeEndpoint } from '../../soak/judge/deliveries/judgeEndpoint';
import type { LoggedTry } from '../../soak/judge/deliveries/reasonOf';
import type { Struck } from '../../soak/strikes/keepStriking';

const HOUR_MS = 3_600_000;

const tried = (messageId: string, at: number, rest: Partial<Tried> = {}): Tried => ({
  messageId,
  type: 'daily.data.glucose.created',
  at,
  verified: true,
  manner: 'takes',
  took: true,
  status: 200,
  lastedMs: 5,
  hungUpon: false,
  ...rest,
});
const told = (id: string, createdAt: number, type = 'daily.data.glucose.created') => ({ id, type, createdAt });
const struck = (name: string, at: number, until = at): Struck => ({ name, at, until, what: '' });
const refused = { took: false, status: 500, manner: 'status' } as const;

/** One message, pushed at once. */
const GOOD: EndpointFacts = {
  script: { name: 'ada', filterTypes: null },
  judgedAt: 1_000_000,
  events: [told('m', 100_000)],
  tried: [tried('m', 100_500)],
  disabled: null,
  struck: [],
  log: new Map(),
  givenUpAt: [],
};
const verdictOn = (change: Partial<EndpointFacts>): EndpointVerdict => judgeEndpoint({ ...GOOD, ...change });
const waysTaken = ({ ways }: EndpointVerdict): string[] => [...ways.keys()];

describe('the judge of deliveries', () => {
  const disabled = { at: 100_000, enabledAt: 200_000 };

  test.each<[string, Partial<EndpointFacts>]>([
    ['pushed at once', {}],
    ['pushed later, it had waited', { tried: [tried('m', 130_000)] }],
    ['pushed again, a try had failed', { tried: [tried('m', 100_500, refused), tried('m', 101_000)] }],
    ['kept while disabled, pushed after enabling', { events: [told('m', 99_999)], tried: [tried('m', 200_001)], disabled }],
    ['caught up with after enabling', { tried: [tried('m', 200_001)], disabled }],
  ])('tells what was %s', (way, change) => {
    const verdict = verdictOn(change);
    expect(waysTaken(verdict)).toEqual([way]);
    expect(verdict.lost).toEqual([]);
  });

  test.each<[string, Partial<EndpointFacts>, Partial<EndpointVerdict>]>([
    ['what never came', { tried: [] }, { lost: ['m'] }],
    ['what came and was never taken', { tried: [tried('m', 100_500, refused)] }, { lost: ['m'] }],
    ['what it did not want', { script: { name: 'ada', filterTypes: ['provider.*'] } }, { unwanted: ['m'], due: 0 }],
    ['what did not verify', { tried: [...GOOD.tried, tried('m', 101_000, { verified: false, took: false })] }, { unverified: 1 }],
  ])('finds %s', (_, change, found) => {
    expect(verdictOn(change)).toMatchObject(found);
  });

  test.each<[string, Partial<EndpointFacts>]>([
    ['was told after the verdict’s instant', { events: [...GOOD.events, told('later', 1_000_001)] }],
    ['tells of endpoints', { events: [...GOOD.events, told('about', 100_000, 'endpoint.disabled')] }],
    [
      'its filters keep out',
      {
        events: [...GOOD.events, told('other', 100_000, 'provider.connection.created')],
        script: { name: 'ada', filterTypes: ['daily.data.*'] },
      },
    ],
  ])('does not wait for what %s', (_, change) => {
    expect(verdictOn(change)).toMatchObject({ due: 1, lost: [], unwanted: [] });
  });

  const twice = [tried('m', 100_500), tried('m', 130_000)];
  const again = (before: Partial<Tried>, ...strikes: Struck[]): EndpointVerdict =>
    verdictOn({ tried: [tried('m', 100_500, before), tried('m', 130_000)], struck: strikes });
  const logged = (...log: LoggedTry[]): EndpointVerdict => verdictOn({ tried: twice, log: new Map([['m', log]]) });
  const acceptedTry = (at: number): LoggedTry => ({ at, latencyMs: 20, outcome: 'accepted' });

  const twoDispatches = (givenUpAt: number[]): EndpointVerdict =>
    verdictOn({ tried: twice, log: new Map([['m', [acceptedTry(100_500), acceptedTry(130_000)]]]), givenUpAt });

  const atOnceTwice = (at: number): EndpointVerdict =>
    verdictOn({
      tried: [tried('m', at), tried('m', at + 150)],
      log: new Map([['m', [acceptedTry(at), acceptedTry(at + 150)]]]),
    });

  test.each<[string, EndpointVerdict, string]>([
    ['a reset after it was read', again({ manner: 'resetAfterReading', status: null }), 'it was reset after it was read'],
    ['an answer that came too late', again({ manner: 'late', lastedMs: 4_000 }), 'it was answered too late'],
    ['a kill between post and record', again({}, struck('worker killed', 101_000)), 'worker killed'],
    ['a database that was away', again({}, struck('database killed', 90_000, 99_000)), 'database killed'],
    [
      'an answer that was not seen in time',
      logged({ at: 99_000, latencyMs: 2_000, outcome: 'failed' }, acceptedTry(130_000)),
      'its answer was not seen in time, by the attempts’ log',
    ],
    [
      'a dispatch that was given up and went on',
      twoDispatches([102_000]),
      'Temporal had given up its dispatch, which went on beside the next',
    ],
    ['a worker that stood still', again({}, struck('worker frozen', 95_000, 110_000)), 'worker frozen'],
  ])('explains a repeat by %s', (_, verdict, reason) => {
    expect(verdict.repeats).toEqual(new Map([[reason, 1]]));
    expect(verdict.unexplained).toEqual([]);
  });

  test.each<[string, EndpointVerdict]>([
    ['nothing had happened', again({})],
    ['only the second was recorded, and nobody was struck', logged(acceptedTry(130_000))],
    ['a try before had failed', logged({ at: 90_000, latencyMs: 2_000, outcome: 'failed' }, acceptedTry(130_000))],
    ['both were recorded, and no dispatch was given up', twoDispatches([])],
    ['both were recorded, and one was given up long after', twoDispatches([150_000])],
    ['two dispatches sent it at once', atOnceTwice(105_000)],
    ['one was given up, and nothing shows that both were recorded', verdictOn({ tried: twice, givenUpAt: [102_000] })],
    ['its answer was late, but in time', again({ manner: 'late', lastedMs: 1_000 })],
    ['a worker was killed long after', again({}, struck('worker killed', 110_000))],
    ['a worker was killed before, and is back since', again({}, struck('worker killed', 90_000, 105_000))],
    ['somebody was killed who delivers nothing', again({}, struck('API killed', 100_600))],
  ])('finds a repeat without a reason where %s', (_, verdict) => {
    expect(verdict.unexplained).toEqual(['m']);
  });

  test('a try that was not taken makes no repeat', () => {
    const verdict = verdictOn({ tried: [tried('m', 100_500, refused), tried('m', 101_000), tried('m', 102_000, refused)] });
    expect([verdict.unexplained, verdict.repeats.size]).toEqual([[], 0]);
  });
});

test('the judge of the pull feed finds what is twice in it, and what was pushed and is not in it', () => {
  expect(compareFeed(['a', 'b', 'b', 'c'], new Set(['a', 'd']))).toEqual({ twice: ['b'], absent: ['d'] });
});

describe('endpoints’ scripts', () => {
  test('are fifty, the same ones for the same seed, with other times for another', () => {
    const drawn = (seed: string): EndpointScript[] => drawScripts(drawBy(seed), HOUR_MS);
    expect(drawn('a')).toHaveLength(50);
    expect(drawn('a')).toEqual(drawn('a'));
    expect(drawn('a')).not.toEqual(drawn('b'));
  });

  test('spare a message after as many tries as they say, and none before their time', () => {
    const phase = { fromMs: 10, toMs: 20, share: 1, tries: 1, manner: { kind: 'hangs' } } as const;
    const script: EndpointScript = { name: 'ada', payload: 'full', filterTypes: null, phases: [phase] };
    const of = (sinceMs: number, earlierTries: number) => mannerOf(script, { sinceMs, messageId: 'm', earlierTries })?.kind ?? 'takes';
    expect([of(9, 0), of(10, 0), of(19, 1), of(20, 0)]).toEqual(['takes', 'hangs', 'takes', 'takes']);
  });
});

describe('a scripted endpoint', () => {
  const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const noted: Tried[] = [];
  let endpoint: ScriptedEndpoint | undefined;
  afterEach(() => endpoint?.close());

  /** @returns its answer's status, null if there was none */
  async function post(manner: EndpointScript['phases'][number]['manner'] | null, secret = SECRET): Promise<number | null> {
    noted.length = 0;
    const phases = manner === null ? [] : [{ fromMs: 0, toMs: HOUR_MS, share: 1, tries: null, manner }];
    endpoint = await ScriptedEndpoint.listen({ name: 'ada', payload: 'full', filterTypes: null, phases }, Date.now(), (one) =>
      noted.push(one),
    );
    endpoint.expect(SECRET);
    const body = JSON.stringify({ event_type: 'daily.data.glucose.created' });
    const now = new Date();
    const headers = {
      'webhook-id': 'm',
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign('m', now, body),
    };
    const asked = request(endpoint.url, { method: 'POST', headers });
    asked.end(body);
    try {
      const [answer]: { statusCode: number; resume(): unknown }[] = await once(asked, 'response');
      answer?.resume();
      return answer?.statusCode ?? null;
    } catch {
      return null;
    }
  }

  test.each<[string, EndpointScript['phases'][number]['manner'] | null, number | null, Partial<Tried>]>([
    ['takes what verifies', null, 200, { took: true, verified: true, status: 200, type: 'daily.data.glucose.created' }],
    ['answers by its script', { kind: 'status', status: 503, retryAfterSeconds: 20 }, 503, { took: false, status: 503 }],
    ['resets unread', { kind: 'resetUnread' }, null, { took: false, verified: null, status: null }],
    ['resets what it has taken', { kind: 'resetAfterReading' }, null, { took: true, verified: true, status: null, hungUpon: false }],
  ])('%s, and notes it', async (_, manner, status, note) => {
    expect(await post(manner)).toBe(status);
    await endpoint?.close();
    expect(noted).toEqual([expect.objectContaining({ messageId: 'm', ...note })]);
  });

  test('takes nothing that is not signed with its secret', async () => {
    expect(await post(null, `whsec_${Buffer.alloc(32, 8).toString('base64')}`)).toBe(401);
    await endpoint?.close();
    expect(noted).toEqual([expect.objectContaining({ took: false, verified: false })]);
  });
});
