import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../../simulator/faults/fault';
import type { ConnectedPerson } from '../crash/verdict';
import type { Engine } from '../engine/engine';

/** A 401 on a token younger than this backs off; scales with the sensors' three seconds. */
export const YOUNG_MS = 3_000;
const MARGIN_MS = 500;

/** What the survivals of tokens ask of the ledger, the app and the logs. */
export const asked = (engine: Engine) => {
  const { control } = engine.simulator;
  return {
    /**
     * Makes this person's next fetches meet a 401, which is how a connection is brought to rotate now; null: all of them. Not before its token is
     * old enough to be renewed.
     */
    async refuse(person: string, times: number | null = 1): Promise<Fault> {
      const youngUntil = ((await control.rotations({ personId: person })).at(-1)?.at ?? 0) + YOUNG_MS;
      await sleep(Math.max(0, youngUntil + MARGIN_MS - Date.now()));
      return control.addFault({ kind: 'status', status: 401, endpoints: ['egvs'], times, personId: person });
    },
    rotations: (person: string) => control.rotations({ personId: person }),
    tokenCalls: (person: string) => control.calls({ personId: person, endpoint: 'token' }),
    fetched: async (person: string) =>
      (await control.calls({ personId: person, endpoint: 'egvs' })).filter(({ status }) => status === 200).length,
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
