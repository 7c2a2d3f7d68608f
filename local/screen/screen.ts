import type { Progress } from '../progress/progress';
import { terminalOrPlain } from '../progress/terminalOrPlain';
import type { ReceivedEvent } from '../receiver/receiver';
import { type Addresses, addressTable, type Surroundings } from './addresses';
import { eventLine, seenEvent } from './events';

/** Where a start tells what it does and what happens. */
export interface Screen {
  readonly progress: Progress;
  say(line: string): void;
  /** Once; events that came before are told right after it. */
  ready(addresses: Addresses, surroundings: Surroundings): void;
  event(event: ReceivedEvent): void;
}

/** For people: all of it on standard output. */
export function textScreen(): Screen {
  const progress = terminalOrPlain(process.stdout);
  let usualUserId: string | null = null;
  return afterReady({
    progress,
    say: progress.note,
    ready(addresses, surroundings) {
      usualUserId = addresses.userId;
      progress.note(`\n${addressTable(addresses, surroundings)}\n`);
    },
    event: (event) => progress.note(eventLine(event, usualUserId)),
  });
}

/** For scripts: standard output has one JSON line when everything is ready and then one per event; the rest goes to standard error. */
export function jsonScreen(): Screen {
  const progress = terminalOrPlain(process.stderr);
  const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
  return afterReady({
    progress,
    say: progress.note,
    ready: (addresses) => print(addresses),
    event: (event) => print(seenEvent(event)),
  });
}

/** Holds events back until the addresses have been told. */
function afterReady(screen: Screen): Screen {
  let waiting: ReceivedEvent[] | null = [];
  return {
    ...screen,
    ready(addresses, surroundings) {
      screen.ready(addresses, surroundings);
      const came = waiting ?? [];
      waiting = null;
      for (const event of came) screen.event(event);
    },
    event(event) {
      if (waiting) waiting.push(event);
      else screen.event(event);
    },
  };
}
