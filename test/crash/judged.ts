import type { Engine } from '../engine/engine';
import { type ConnectedPerson, expectAllStoredOnce, expectConnected, expectNewsToldOnce, expectNothingElse } from './verdict';

export interface Aftermath {
  readonly engine: Engine;
  readonly people: readonly ConnectedPerson[];
}

/** The tests that end every crash from which a connection must come back whole. */
export function judged(aftermath: () => Aftermath): void {
  test('every visible reading is stored once', async () => {
    const { engine, people } = aftermath();
    for (const person of people) await expectAllStoredOnce(engine, person);
  });

  test('every reading of news is in exactly one created event, every reading of history in none', async () => {
    const { engine, people } = aftermath();
    for (const person of people) await expectNewsToldOnce(engine, person);
  });

  test('nothing was ever updated, and every signature verified', () => expectNothingElse(aftermath().engine));

  test('nobody was disconnected', async () => {
    const { engine, people } = aftermath();
    for (const person of people) await expectConnected(engine, person);
  });
}
