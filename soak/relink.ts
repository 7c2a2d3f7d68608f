import { linkAgain } from './linkAgain';
import type { SoakWorld } from './world';

const EVERY_MS = 2_000;
/** So long it takes a person to see the app's request and to follow it. */
const AFTER_MS = 10_000;

/** What an app does about `provider.connection.error`: asks the person to link again. */
export class Relink {
  private heard = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly world: SoakWorld) {
    this.timer = setInterval(() => this.answerErrors(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private answerErrors(): void {
    const { engine, people, later } = this.world;
    const errors = engine.receiver.distinct('provider.connection.error').slice(this.heard);
    this.heard += errors.length;
    for (const { body } of errors) {
      const person = people.find(({ userId }) => userId === body.user_id);
      if (person) later.after(AFTER_MS, `the return of ${person.person}`, () => linkAgain(engine, person));
    }
  }
}
