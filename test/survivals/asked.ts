import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../../simulator/faults/fault';
import type { ConnectedPerson } from '../crash/verdict';
import type { Engine } from '../engine/engine';
import { eventually } from '../engine/eventually';

/** A 401 on a token younger than this backs off; scales with the sensors' three seconds. */
export const YOUNG_MS = 3_000;
const MARGIN_MS = 500;

/** What the survivals of tokens ask of the ledger, the app and the logs. */
export const asked = (engine: Engine) => {
  const { control } = engine.simulator;
  const fetches = async (person: string) =>
    (await control.calls({ personId: person, endpoint: 'egvs' })).filter(({ status }) => status === 200);
  /** When the first fetch after `instant` was answered. @throws if there was none yet */
  const fetchedAfter = async (person: string, instant: number): Promise<number> => {
    const next = (await fetches(person)).find(({ at }) => at > instant);
    if (!next) throw new Error('nothing was fetched with the newest token yet');
    return next.at;
  };

  return {
    /**
     * Makes this person's next fetches meet a 401, which is how a connection is brought to rotate now; null: all of them. Not before its token is
     * old enough to be renewed: the engine counts from when it had stored it, which was before it used it.
     */
    async refuse(person: string, times: number | null = 1): Promise<Fault> {
      const last = (await control.rotations({ personId: person })).at(-1);
      const storedBy = last && (await eventually(() => fetchedAfter(person, last.at)));
      const youngUntil = (storedBy ?? 0) + YOUNG_MS;
      await sleep(Math.max(0, youngUntil + MARGIN_MS - Date.now()));
      return control.addFault({ kind: 'status', status: 401, endpoints: ['egvs'], times, personId: person });
    },
    rotations: (person: string) => control.rotations({ personId: person }),
    tokenCalls: (person: string) => control.calls({ personId: person, endpoint: 'token' }),
    fetched: async (person: string) => (await fetches(person)).length,
    errorsTold: ({ userId }: ConnectedPerson) =>
      engine.receiver.distinct('provider.connection.error').filter(({ body }) => body.user_id === userId),
    /** Lines of all workers and of the API. */
    logged: (words: string): number =>
      ['server.log', ...engine.workers.map((_, n) => `worker-${n}.log`)]
        .map((file) => readFileSync(join(engine.logFolder, file), 'utf8'))
        .join('\n')
        .split('\n')
        .filter((line) => line.includes(words)).length,
  };
};
