import type { Strike } from '../strike';

/** Nothing of one person's arrives for a while; then all of it at once. */
export const lateUpload: Strike = {
  name: 'late upload',
  at: 'people',
  weight: 3,
  async strike({ engine, people }, draw) {
    const [{ person }, silentSeconds, moreSeconds] = [draw.oneOf(people), draw.between(30, 240), draw.between(0, 240)];
    const [from, to] = [Date.now(), Date.now() + silentSeconds * 1_000];
    await engine.simulator.control.hold(person, { from, to, until: to + moreSeconds * 1_000 });
    return `${person} is silent for ${silentSeconds} s, and uploads ${moreSeconds} s later`;
  },
};
