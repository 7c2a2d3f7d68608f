import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../test/engine/engine';
import type { SoakPerson } from '../person';
import { awaited } from './amounts';
import { collectPerson } from './collect';
import type { Sitting } from './judge';
import { judgePerson, type PersonVerdict } from './judgePerson';

const AGAIN_MS = 10_000;

/**
 * Waits until nobody's reading is awaited any more, or the time is up; whoever is complete is not asked about again.
 * @returns everybody's verdict as it stood last
 */
export async function settled(
  engine: Engine,
  people: readonly SoakPerson[],
  { judgedAt, withinMs, say }: Sitting,
): Promise<PersonVerdict[]> {
  const deadline = Date.now() + withinMs;
  const verdicts = new Map<string, PersonVerdict>();
  for (;;) {
    const left = people.filter(({ person }) => awaitedOf(verdicts.get(person)) > 0);
    for (const person of left) verdicts.set(person.person, judgePerson(await collectPerson(engine, person, judgedAt)));

    const incomplete = [...verdicts.values()].filter((verdict) => awaited(verdict) > 0).length;
    say(`      ${incomplete} people are not complete yet`);
    if (incomplete === 0 || Date.now() > deadline) return [...verdicts.values()];
    await sleep(AGAIN_MS);
  }
}

/** Nobody has been looked at in the beginning. */
const awaitedOf = (verdict: PersonVerdict | undefined): number => (verdict ? awaited(verdict) : 1);
