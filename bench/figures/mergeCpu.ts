import type { RejectedRecord } from '../../src/dexcom/answers';
import { readRecords } from '../../src/dexcom/fetchEgvs';
import { parseObject } from '../../src/dexcom/json';
import { encodeDay } from '../../src/glucose/dayCodec';
import { dayStart } from '../../src/glucose/dayIds';
import { latestOfEach } from '../../src/glucose/latestOfEach';
import { type Merge, merge } from '../../src/glucose/merge';
import type { Reading } from '../../src/glucose/reading';
import { collectGarbage } from '../collectGarbage';
import type { Figure } from '../figure';
import { median } from '../statistics';
import { cpuTimed } from '../stopwatch';
import { rawDexcom } from '../worlds/rawDexcom';
import { storedYear } from '../worlds/storedYear';

const DAY_MS = 86_400_000;
const WINDOW_DAYS = 30;
const WARM_UP = 3;
const ROUNDS = 15;
/** So that each pays for the garbage it makes. */
const IN_A_ROW = 8;

/** One full window, from the body's text to the days to be written, beside JSON.parse of the same text. */
export const mergeCpu: Figure = {
  name: 'mergeCpu',

  async measure() {
    const { world, connection, accessToken } = await storedYear();
    const to = connection.liveFrom - DAY_MS;
    const window = { from: to - WINDOW_DAYS * DAY_MS, to };
    const dexcom = rawDexcom(world.simulator.url, accessToken);
    const [text = ''] = await dexcom.egvs(window);
    await dexcom.close();

    const read = (): readonly Reading[] => {
      const body = parseObject(text);
      if (!body) throw new Error('the simulator did not answer with an object');
      const readings: Reading[] = [];
      const rejected: RejectedRecord[] = [];
      readRecords({ body }, window, readings, rejected);
      return latestOfEach(readings);
    };
    const ours = (): Merge => merge([], read(), { connection, purpose: 'backfill', pullSeq: 1 });

    const readings = read();
    const { days } = ours();
    const times = interleaved({
      parse: () => JSON.parse(text),
      ours,
      read,
      again: () => merge(days, readings, { connection, purpose: 'backfill', pullSeq: 2 }),
      pack: () => days.map((day) => encodeDay(dayStart(day._id), day.readings)),
    });
    return {
      measurements: [
        {
          figure: `CPU of one window of ${readings.length.toLocaleString('en-US')} readings`,
          goal: { of: 'ratio', is: 'at most', value: 2 },
          measured: { value: times.ours, unit: 'ms' },
          floor: { value: times.parse, unit: 'ms' },
        },
      ],
      notes: [
        `body of ${(text.length / 1e6).toFixed(1)} MB; medians of ${ROUNDS} interleaved rounds of ${IN_A_ROW}, CPU time of the whole process, garbage collection included`,
        `parse and harmonise ${times.read.toFixed(1)} ms, merge into empty days ${(times.ours - times.read).toFixed(1)} ms`,
        `beside it: merging the same window again, nothing new, ${times.again.toFixed(1)} ms; packing its days into columns ${times.pack.toFixed(1)} ms`,
      ],
    };
  },
};

/** @returns the median CPU time of each, milliseconds */
function interleaved<Name extends string>(works: Readonly<Record<Name, () => unknown>>): Record<Name, number> {
  const names = Object.keys(works) as Name[];
  const times = names.map((name) => ({ name, work: works[name], taken: [] as number[] }));
  for (let round = 0; round < WARM_UP + ROUNDS; round++)
    for (const { work, taken } of times) {
      collectGarbage();
      const ms = cpuTimed(() => {
        for (let n = 0; n < IN_A_ROW; n++) work();
      });
      if (round >= WARM_UP) taken.push(ms / IN_A_ROW);
    }
  return Object.fromEntries(times.map(({ name, taken }) => [name, median(taken)])) as Record<Name, number>;
}
