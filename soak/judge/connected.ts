import type { Engine } from '../../test/engine/engine';
import { eventually } from '../../test/engine/eventually';
import type { SoakPerson } from '../person';
import type { Judge } from './judge';

interface Providers {
  readonly providers: readonly { readonly life: { readonly state: string; readonly reason: string | null } }[];
}

/** In the end everybody has one connection with which nothing is the matter: who has just withdrawn consent is asked again meanwhile. */
export const connected: Judge = async ({ engine, people }, { withinMs }) => {
  const told = await Promise.all(people.map((person) => whyNot(engine, person, withinMs)));
  const findings = told.filter((why) => why !== null);
  return { isGood: findings.length === 0, tables: [], figures: [['not connected in the end', findings.length]], findings };
};

async function whyNot(engine: Engine, { person, userId }: SoakPerson, withinMs: number): Promise<string | null> {
  try {
    await eventually(() => expectConnected(engine, userId), { withinMs, everyMs: 5_000 });
    return null;
  } catch (reason) {
    return `${person}: ${reason instanceof Error ? reason.message : String(reason)}`;
  }
}

async function expectConnected(engine: Engine, userId: string): Promise<void> {
  const { providers } = await engine.call<Providers>('GET', `/v2/user/providers/${userId}`);
  if (providers.length === 1 && providers[0]?.life.state === 'connected') return;
  throw new Error(providers.map(({ life }) => `${life.state} (${life.reason ?? 'no reason'})`).join(', ') || 'no connection');
}
