import type { Strike } from '../strike';

/** Calls that Dexcom still takes once it has counted the last hour's. */
const LEFT = 20;
const HOUR_MS = 3_600_000;

/** The scenario `quota-storm` for a minute or two: the app has used up its hour, and nobody says until when. */
export const quotaStorm: Strike = {
  name: 'quota storm',
  at: 'dexcom',
  weight: 1,
  async strike({ engine, later }, draw) {
    const { control } = engine.simulator;
    const seconds = draw.between(30, 120);
    const counts = await control.callCounts({ from: Date.now() - HOUR_MS });
    const callsPerHour = counts.reduce((sum, { calls }) => sum + calls, LEFT);
    await control.settings({ callsPerHour, callsWindow: 'rolling', retryAfter: false });
    later.after(seconds * 1_000, 'the end of a quota storm', () => control.settings({ callsPerHour: null }));
    return `429 to everybody for ${seconds} s`;
  },
};
