import type { Strike } from '../strike';

/** The app asks for many people's readings at once. */
export const refreshes: Strike = {
  name: 'refreshes',
  at: 'people',
  weight: 2,
  async strike({ engine, people, later }, draw) {
    const asked = Array.from({ length: draw.between(1, 10) }, () => draw.oneOf(people));
    // Whether they are done, put off or refused is the API's to say: what they bring comes as events.
    const ask = ({ userId }: { userId: string }) => engine.call('POST', `/v2/user/refresh/${userId}?timeout=1`).catch(() => undefined);
    later.after(0, 'refreshes', () => Promise.all(asked.map(ask)));
    return `${asked.length} people are refreshed`;
  },
};
