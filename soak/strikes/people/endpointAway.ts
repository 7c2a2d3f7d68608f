import type { Strike } from '../strike';

/** The app's own endpoint is away for a moment. */
export const endpointAway: Strike = {
  name: 'endpoint away',
  at: 'people',
  weight: 2,
  async strike({ engine, later }, draw) {
    const [status, seconds] = [draw.oneOf([500, 503, 429]), draw.between(2, 40)];
    engine.receiver.status = status;
    later.after(seconds * 1_000, 'the endpoint’s return', async () => {
      engine.receiver.status = 200;
    });
    return `the endpoint answers ${status} for ${seconds} s`;
  },
};
