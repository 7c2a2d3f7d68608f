import { Connection } from '@temporalio/client';
import { type ConnectedPerson, connectEverybody, historiesEnded } from '../crash/verdict';
import { type Engine, startEngine } from '../engine/engine';
import { temporalAddress } from '../servers';
import { asked } from './asked';

/** An engine whose people are all connected, their histories read, and what its tests ask of it. */
export interface TokensWorld {
  readonly engine: Engine;
  readonly temporal: Connection;
  readonly people: readonly ConnectedPerson[];
  readonly ask: ReturnType<typeof asked>;
  somebody(n: number): ConnectedPerson;
  close(): Promise<void>;
}

/** Sensors that read every three seconds, and a Dexcom that forgives a lost answer for two minutes. */
export async function openTokensWorld({
  people: count,
  workers,
}: {
  readonly people: number;
  readonly workers: number;
}): Promise<TokensWorld> {
  const temporal = await Connection.connect({ address: temporalAddress() });
  const engine = await startEngine({ interval: '3s', workers, simulator: { people: count, historyDays: 1, delay: '1s', grace: '120s' } });
  const people = await connectEverybody(engine);
  await historiesEnded(engine, people);

  return {
    engine,
    temporal,
    people,
    ask: asked(engine),
    somebody(n) {
      const person = people[n];
      if (!person) throw new Error('nobody is there');
      return person;
    },
    async close() {
      await engine.stop();
      await temporal.close();
    },
  };
}
