import { drawBy } from './draw';
import type { Judgement } from './judge/judge';
import { linkAgain } from './linkAgain';
import type { OpenWorld } from './openWorld';
import type { Plan } from './plan';
import { Relink } from './relink';
import { progressLine } from './report/progress';
import { keepStriking, type Struck } from './strikes/keepStriking';

const MINUTE_MS = 60_000;
const ENDED_BY_ITSELF = 'process ended by itself';

/** What a run has been, and what was said of it. */
export interface Run {
  readonly startedAt: number;
  readonly lastedMs: number;
  readonly struck: readonly Struck[];
  /** How long everything took to come to rest and to be judged. */
  readonly judgedMs: number;
  /** In the order of the plan's judges. */
  readonly judgements: readonly Judgement[];
}

/** Strikes as the plan says, lets everything come to rest, and judges. @param say a line for people, at each strike and each minute */
export async function soak(world: OpenWorld, plan: Plan, say: (line: string) => void): Promise<Run> {
  const { engine, people, later, supervisor, consentsAgain } = world;
  const startedAt = Date.now();
  const struck: Struck[] = [];
  const relink = new Relink(world);
  const minutely = setInterval(() => {
    // The simulator is never struck: what keeps it from answering is the machine.
    progressLine(world, { since: startedAt, struck }).then(say, (reason: unknown) => say(`no progress to tell: ${String(reason)}`));
  }, MINUTE_MS);
  for (const [person, share] of Object.entries(consentsAgain)) {
    const who = people.find((one) => one.person === person);
    if (who) later.after(share * plan.lengthMs, `the second consent of ${person}`, () => linkAgain(engine, who));
  }

  try {
    await keepStriking(world, plan, {
      draw: drawBy(plan.seed),
      until: startedAt + plan.lengthMs,
      onStruck: (one) => {
        struck.push(one);
        say(`      ${one.name}: ${one.what}`);
      },
    });
    const lastedMs = Date.now() - startedAt;
    say('strikes are over; everything comes to rest');
    await later.end();
    await engine.simulator.control.clearFaults();
    const judgedAt = Date.now();
    const judgements: Judgement[] = [];
    for (const judge of plan.judges) {
      const ended = supervisor.restartedAt.map((at) => ({ at, until: at, name: ENDED_BY_ITSELF, what: 'started again' }));
      judgements.push(await judge(world, { judgedAt, withinMs: plan.settleWithinMs, struck: [...struck, ...ended], say }));
    }
    return { startedAt, lastedMs, struck, judgedMs: Date.now() - judgedAt, judgements };
  } finally {
    clearInterval(minutely);
    relink.stop();
    await later.end();
  }
}
