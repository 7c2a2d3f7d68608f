import type { Collection } from 'mongodb';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { gatedDb } from '../sync/gatedDb';
import { type ApiWorld, type App, openApiWorld } from './apiWorld';
import { glucoseOf } from './glucoseOf';

/** An API whose users have readings. */
export interface GlucoseWorld {
  readonly db: ApiWorld['db'];
  readonly app: App;
  readonly glucose: ReturnType<typeof glucoseOf>;
  /** Past the API and its memory. */
  readonly connections: Collection<ConnectionDoc>;
  /** How often `during` has days of readings read. */
  readsOf(during: () => Promise<unknown>): Promise<number>;
  close(): Promise<void>;
}

export async function openGlucoseWorld(): Promise<GlucoseWorld> {
  let reads = 0;
  const world = await openApiWorld({
    over: (db) =>
      gatedDb(db, async (_, name) => {
        reads += name.startsWith('glucose_days') ? 1 : 0;
      }),
  });
  const app = await world.newApp();
  return {
    db: world.db,
    app,
    glucose: glucoseOf(world, app),
    connections: world.db.collection('connections'),
    async readsOf(during) {
      const before = reads;
      await during();
      return reads - before;
    },
    close: () => world.close(),
  };
}
