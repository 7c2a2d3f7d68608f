import type { z } from 'zod';
import type { Unreadable } from './clarity/parseClarity';
import type { CallAnswer, CallCount } from './control/calls';
import type { ClockAnswer } from './control/clock';
import type { PersonAnswer } from './control/people';
import type { ScenarioAnswer } from './control/scenarios';
import type { Fault, FaultRequest } from './faults/fault';
import type { LedgerReading } from './ledger/ledgerReading';
import type { LedgerRecord } from './ledger/ledgerRecord';
import type { LoggedType } from './logged/logged';
import type { App, Grant, Rotation } from './oauth/grant';
import type { OddityName } from './oddities/oddities';
import type { PersonRequest } from './people/addPerson';
import type { Correction } from './people/corrections';
import type { Switches } from './people/switches';
import type { Settings } from './world/settings';

type Time = number | string;
type Input<T extends z.ZodType> = z.input<T>;

/** The control API as functions; instants are Unix milliseconds of the simulated clock. See simulator/README.md. */
export function createControlClient(url: string) {
  const send = sender(`${url}/_control`);
  return {
    settings: (change: Partial<Settings> = {}): Promise<Settings> => send('PATCH', '/settings', change),
    clock: (change: { to?: Time; advance?: Time; rate?: number } = {}): Promise<ClockAnswer> => send('POST', '/clock', change),
    apps: (): Promise<App[]> => send('GET', '/apps'),
    putApp: (app: App): Promise<App> => send('PUT', '/apps', app),

    people: (): Promise<PersonAnswer[]> => send('GET', '/people'),
    person: (id: string): Promise<PersonAnswer> => send('GET', `/people/${id}`),
    addPerson: (person: Input<typeof PersonRequest> & { count?: number }): Promise<{ people: PersonAnswer[]; unreadable: Unreadable[] }> =>
      send('POST', '/people', person),
    changePerson: (
      id: string,
      change: { interval?: Time; delay?: Time; oddities?: OddityName[] } & Partial<Input<typeof Switches>>,
    ): Promise<PersonAnswer> => send('PATCH', `/people/${id}`, change),
    interval: (interval: Time): Promise<{ people: number }> => send('POST', '/interval', { interval }),
    delay: (delay: Time): Promise<{ people: number }> => send('POST', '/delay', { delay }),

    readings: (personId: string, query: LedgerQuery = {}): Promise<LedgerReading[]> => send('GET', `/people/${personId}/readings`, query),
    records: (personId: string, query: { type: LoggedType; from?: Time; to?: Time; clientId?: string }): Promise<LedgerRecord[]> =>
      send('GET', `/people/${personId}/records`, query),
    addReading: (
      personId: string,
      reading: { measuredAt: Time; visibleAt?: Time; mgPerDl: number | null; trend?: string | null; trendRate?: number | null },
    ): Promise<CorrectionOf<'added'>> => send('POST', `/people/${personId}/readings`, reading),
    reviseReading: (personId: string, key: string, mgPerDl: number | null): Promise<CorrectionOf<'revised'>> =>
      send('PATCH', `/people/${personId}/readings`, { key, mgPerDl }),
    hold: (personId: string, range: { from: Time; to: Time; until?: Time | null }): Promise<CorrectionOf<'held'>> =>
      send('POST', `/people/${personId}/holds`, range),
    release: (personId: string, holdId: string): Promise<CorrectionOf<'released'>> => send('DELETE', `/people/${personId}/holds/${holdId}`),
    lose: (personId: string, range: { from: Time; to: Time }): Promise<CorrectionOf<'lost'>> =>
      send('POST', `/people/${personId}/losses`, range),

    scenarios: (): Promise<ScenarioAnswer[]> => send('GET', '/scenarios'),
    startScenario: (name: string): Promise<{ people: string[] }> => send('POST', '/scenarios', { name }),

    addFault: (fault: Input<typeof FaultRequest>): Promise<Fault> => send('POST', '/faults', fault),
    faults: (): Promise<Fault[]> => send('GET', '/faults'),
    clearFaults: (): Promise<{ cleared: number }> => send('DELETE', '/faults'),
    clearFault: (id: string): Promise<{ cleared: number }> => send('DELETE', `/faults/${id}`),

    grants: (whose: Whose = {}): Promise<Grant[]> => send('GET', '/grants', whose),
    revoke: (whose: Whose & { personId: string }): Promise<{ revoked: number }> => send('POST', '/grants/revoke', whose),
    rotations: (whose: Whose = {}): Promise<Rotation[]> => send('GET', '/rotations', whose),
    calls: (query: CallsQuery = {}): Promise<CallAnswer[]> => send('GET', '/calls', query),
    callCounts: (query: CallsQuery = {}): Promise<CallCount[]> => send('GET', '/calls/counts', query),
    stop: (): Promise<{ stopping: boolean }> => send('POST', '/stop', {}),
  };
}

export type ControlClient = ReturnType<typeof createControlClient>;

interface Whose {
  personId?: string;
  clientId?: string;
}
interface CallsQuery extends Whose {
  endpoint?: CallAnswer['endpoint'];
  from?: Time;
  to?: Time;
}
interface LedgerQuery {
  from?: Time;
  to?: Time;
  clientId?: string;
  visibleAt?: Time;
  served?: 'ever' | 'never' | 'once';
  changed?: 'afterServing';
}
type CorrectionOf<K extends Correction['kind']> = Extract<Correction, { kind: K }>;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** @returns sends one call; for GET the input becomes the query. Throws with the simulator's words if refused. */
function sender(base: string) {
  return async <T>(method: Method, path: string, input: object = {}): Promise<T> => {
    const response = await (method === 'GET' ? fetch(`${base}${path}?${query(input)}`) : fetch(base + path, withJson(method, input)));
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`);
    // The two halves stand in one folder and are typed by one another: what comes back is what the route answers.
    const answer: T = JSON.parse(await response.text());
    return answer;
  };
}

const withJson = (method: Method, input: object): RequestInit => ({
  method,
  body: JSON.stringify(input),
  headers: { 'content-type': 'application/json' },
});

const query = (input: object): URLSearchParams =>
  new URLSearchParams(Object.fromEntries(Object.entries(input).map(([name, value]) => [name, String(value)])));
