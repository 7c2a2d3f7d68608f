import { join } from 'node:path';
import { searchAttributeNames } from '../../src/temporal/searchAttributes';

/**
 * One writer on a local disk: without the write-ahead log it does a third of the work. NORMAL survives a killed process; only a power cut
 * may cost the last moments.
 */
const PRAGMAS = ['journal_mode=WAL', 'synchronous=NORMAL'];

/**
 * Eager: the worker gets the next activity with its answer. One partition: one machine has nothing to spread. The shift is how soon after its
 * start a timer may fire: a second by default, which sensors that read every few seconds would wait out at each poll.
 */
const DYNAMIC_CONFIG = [
  'system.enableActivityEagerExecution=true',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  'history.timerProcessorMaxTimeShift="50ms"',
];

export interface TemporalPlace {
  readonly port: number;
  /** null: no Web UI. */
  readonly uiPort: number | null;
  /** null: in memory. */
  readonly dataDir: string | null;
}

/** The arguments of the development server as Continuo wants it. */
export function serverArguments({ port, uiPort, dataDir }: TemporalPlace): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'warn'],
    ...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(dataDir === null ? [] : ['--db-filename', join(dataDir, 'temporal.db')]),
    ...(dataDir === null ? [] : PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma])),
    ...DYNAMIC_CONFIG.flatMap((value) => ['--dynamic-config-value', value]),
    ...searchAttributeNames.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
  ];
}

/** Go's collector runs a fifth as often, for some memory. */
export const serverEnvironment = (): NodeJS.ProcessEnv => ({ ...process.env, GOGC: '400', DO_NOT_TRACK: '1' });
