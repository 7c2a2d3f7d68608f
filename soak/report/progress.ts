import type { Struck } from '../strikes/keepStriking';
import type { SoakWorld } from '../world';

const MINUTE_MS = 60_000;

/** One line of what has come so far. */
export async function progressLine(world: SoakWorld, { since, struck }: { since: number; struck: readonly Struck[] }): Promise<string> {
  const { receiver, simulator } = world.engine;
  const told = receiver.distinct('daily.data.glucose.created');
  const readings = told.reduce((sum, { body }) => sum + (Array.isArray(body.data.data) ? body.data.data.length : 0), 0);
  const counts = await simulator.control.callCounts();
  const calls = counts.reduce((sum, { calls }) => sum + calls, 0);
  const answered = counts.filter(({ status }) => status === 200).reduce((sum, { calls }) => sum + calls, 0);
  const minutes = Math.floor((Date.now() - since) / MINUTE_MS);
  return [
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`,
    `${struck.length} strikes`,
    `${calls} calls to Dexcom, ${calls - answered} not answered well`,
    `${readings} readings in ${told.length} messages`,
    `${receiver.arrivals.length - receiver.distinct().length} repeats`,
    `${receiver.distinct('provider.connection.error').length} asked to consent again`,
    `last: ${struck.at(-1)?.name ?? 'nothing yet'}`,
  ].join(' · ');
}
