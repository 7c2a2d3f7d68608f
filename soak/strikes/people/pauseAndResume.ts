import { eventually } from '../../../test/engine/eventually';
import type { Strike } from '../strike';

const WITHIN = { withinMs: 180_000, everyMs: 1_000 };

/** The app pauses somebody, and lets them go on after a while: nothing of between is lost. */
export const pauseAndResume: Strike = {
  name: 'pause and resume',
  at: 'people',
  weight: 1,
  async strike({ engine, people, later }, draw) {
    const [{ person, userId }, seconds] = [draw.oneOf(people), draw.between(10, 120)];
    const wish = (what: string) => eventually(() => engine.call('POST', `/v2/user/${userId}/dexcom_v3/${what}`), WITHIN);
    later.after(0, `pausing ${person}`, async () => {
      await wish('pause');
      later.after(seconds * 1_000, `resuming ${person}`, () => wish('resume'));
    });
    return `${person} is paused for ${seconds} s`;
  },
};
