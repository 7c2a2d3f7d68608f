import type { Figure } from '../figure';
import { median } from '../statistics';
import { eventsOf, replayed } from '../worlds/replayed';
import { scriptedRuns } from '../worlds/scriptedRuns';

const LENGTHS = [6, 12, 24, 48, 96] as const;
const COPIES = 20;
const ROUNDS = 5;

/** What a run of so many polls costs the worker that meets it anew: docs/adr/0018 chooses `pollsPerRun` by it. */
export const replayCurve: Figure = {
  name: 'replayCurve',

  async measure() {
    const runs = await scriptedRuns(LENGTHS);
    const times = runs.map((): number[] => []);
    // Interleaved, so that whatever else the machine does falls on all of them; the first round warms up.
    for (let round = 0; round <= ROUNDS; round++)
      for (const [n, run] of runs.entries()) {
        const ms = await replayed(run, 'curve', COPIES);
        if (round > 0) times[n]?.push(ms);
      }

    const rows = runs.map((run, n) => {
      const [polls = 0, ms] = [LENGTHS[n], median(times[n] ?? [])];
      return [polls, eventsOf(run), ms, ms / eventsOf(run), eventsOf(run) / polls];
    });
    return {
      measurements: [],
      notes: [
        `polls with news, one message each; medians of ${ROUNDS} interleaved rounds of ${COPIES} replays, the worker's start included`,
      ],
      table: [
        ['polls in a run', 'events', 'replay, ms', 'ms an event', 'events a poll'],
        ...rows.map(([polls = 0, events = 0, ...measured]) => [
          String(polls),
          String(events),
          ...measured.map((value) => value.toFixed(2)),
        ]),
      ],
    };
  },
};
