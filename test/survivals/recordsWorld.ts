import type { LedgerReading } from '../../simulator/ledger/ledgerReading';
import type { ConnectedPerson } from '../crash/verdict';
import { type Engine, startEngine } from '../engine/engine';
import { eventually } from '../engine/eventually';
import { type ApiSample, announced, visible } from '../engine/judge';
import { providerOf } from '../engine/provider';
import { everybody } from './recordsPeople';
import { somebodyNew } from './somebody';

interface QuarantinePage {
  readonly data: readonly { readonly raw: string; readonly reason: string }[];
  readonly next_cursor: string | null;
}

/** An engine with everybody whose records are something special, and what tests ask of it. */
export interface RecordsWorld {
  readonly engine: Engine;
  /** Unix milliseconds; the traveller's flights are told from it. */
  readonly begunAt: number;
  /** One of `everybody`, once so many readings have been told. */
  somebody(id: string, least?: number): Promise<ConnectedPerson>;
  told(type: 'created' | 'updated', connected: ConnectedPerson): ApiSample[];
  /** Halfway between the latest readings that were told: no reading's second, so that what is measured then is nobody's twin. */
  gaps(connected: ConnectedPerson): [number, number, number];
  /** One reading more, visible from now on, as the ledger knows it. */
  measure(connected: ConnectedPerson, measuredAt: number, mgPerDl: number | null): Promise<LedgerReading>;
  quarantined(connected: ConnectedPerson, query: string): Promise<QuarantinePage>;
  close(): Promise<void>;
}

export async function openRecordsWorld(): Promise<RecordsWorld> {
  const begunAt = Date.now();
  const engine = await startEngine({ interval: '3s', simulator: { people: 0 } });
  const people = new Map<string, ConnectedPerson>();
  await engine.simulator.control.settings({ order: 'shuffled', recordType: 'plural' });
  await Promise.all(everybody(begunAt).map(async (wish) => people.set(wish.id, await somebodyNew(engine, wish))));

  const told: RecordsWorld['told'] = (type, { userId }) => announced(engine.receiver.distinct(`daily.data.glucose.${type}`), userId);

  return {
    engine,
    begunAt,
    told,

    async somebody(id, least = 3) {
      const connected = people.get(id);
      if (!connected) throw new Error(`${id} is not there`);
      await eventually(() => expect(told('created', connected).length).toBeGreaterThan(least));
      return connected;
    },

    gaps(connected) {
      const instants = told('created', connected)
        .map(({ system_time }) => Date.parse(system_time))
        .toSorted((a, b) => a - b);
      const [a = 0, b = 0, c = 0, d = 0] = instants.slice(-4);
      return [Math.floor((a + b) / 2), Math.floor((b + c) / 2), Math.floor((c + d) / 2)];
    },

    async measure({ person }, measuredAt, mgPerDl) {
      await engine.simulator.control.addReading(person, { measuredAt, mgPerDl });
      const [added] = (await visible(engine, person, Date.now(), measuredAt)).filter((reading) => reading.measuredAt === measuredAt);
      if (!added) throw new Error('the reading is not there');
      return added;
    },

    async quarantined({ userId }, query) {
      const { connection_id } = await providerOf(engine, userId);
      return engine.call('GET', `/v2/introspect/quarantine/${connection_id}?${query}`);
    },

    close: () => engine.stop(),
  };
}
