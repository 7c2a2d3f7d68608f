import { z } from 'zod';
import { seedNames } from '../../simulator/people/seedPeople';
import { choosePort } from '../home/ports';
import { responds } from '../processes/responds';
import type { ServerProcess } from '../processes/serverProcess';
import { keepRunning } from './keepRunning';
import { startNodeProgram } from './nodeProgram';
import type { Stage } from './stage';

/** What the simulator says of itself in its log when it is ready. */
const Ready = z.object({ person: z.string() });

export const CLIENT_ID = 'continuo-local';

export interface RunningSimulator {
  readonly url: string;
  /** Whom of its people the demonstration is about, the first of them before all others. */
  readonly people: readonly [string, ...string[]];
}

/**
 * The simulated Dexcom, with the people, grants and ledger of earlier starts; comes back if it is killed.
 * @param redirectUri the API's @throws Problem
 */
export async function startSimulator(stage: Stage, redirectUri: string, interval: string): Promise<RunningSimulator> {
  const { home, options } = stage;
  const port = await choosePort('simulator', options.simulatorPort, home.memory, '--simulator-port');
  const url = `http://127.0.0.1:${port}`;
  const { replay, replayZone, historyOnly, users } = options;
  let person = '';

  await keepRunning(
    'simulator',
    async () => {
      const process = startNodeProgram({
        name: 'simulator',
        script: 'simulator/main.ts',
        folder: home.place('app'),
        args: [
          ...['--port', String(port), '--state', home.place('simulator'), '--redirect-uri', redirectUri],
          ...['--client-id', CLIENT_ID, '--client-secret', home.memory.now.dexcomClientSecret],
          ...(users > 1 ? ['--people', String(users)] : []),
          ...['--delay', historyOnly ? '0s' : visibleAfter(interval)],
          // A recording has a pace of its own.
          ...(replay !== undefined && options.interval === undefined ? [] : ['--interval', interval]),
          ...(replay === undefined ? [] : ['--replay', replay, '--replay-zone', replayZone, ...(historyOnly ? ['--history-only'] : [])]),
        ],
      });
      await process.untilReady(() => responds(`${url}/_control/settings`));
      person = readyPerson(process);
      return process;
    },
    stage,
  );
  const others = seedNames(users).filter((name) => name !== person);
  return { url, people: [person, ...others.slice(0, users - 1)] };
}

function readyPerson(simulator: ServerProcess): string {
  const line = simulator
    .tail(50)
    .split('\n')
    .findLast((text) => text.startsWith('{"url"'));
  return Ready.parse(JSON.parse(line ?? '{}')).person;
}

/** Real delays are an hour and more; here somebody is watching. */
const visibleAfter = (interval: string): string => (/^\d+s$/.test(interval) ? '1s' : '20s');
