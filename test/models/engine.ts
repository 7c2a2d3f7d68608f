/**
 * A protocol small enough to be explored whole: every order in which its processes can take their next step.
 * States are plain JSON. A process that takes no further step is a killed one, so a kill between any two steps needs no step of its own.
 */
export interface Model<State> {
  readonly initial: State;
  /** Whatever can happen next. Each move changes the draft it is given, a copy, and says what happened. */
  moves(state: State): readonly Move<State>[];
  /** What is broken if all processes die here and the healing ones run; `state` is a copy to do that on. */
  broken(state: State): readonly Breach[];
}

export type Move<State> = (draft: State) => string;

export interface Breach {
  readonly invariant: string;
  readonly detail: string;
}

export interface Exploration {
  readonly states: number;
  /** The first breach met of each invariant, which is one with the shortest way to it. */
  readonly breaches: readonly (Breach & { readonly trace: readonly string[] })[];
}

/** A search that stopped early has shown nothing, so there is no quiet bound: this one throws. */
const MOST_STATES = 400_000;

/** Breadth first over every state, or up to the first that breaks `sought`. */
export function explore<State>(model: Model<State>, sought?: string): Exploration {
  const first = JSON.stringify(model.initial);
  const ways = new Map<string, Way>([[first, { from: null, label: 'start' }]]);
  const breaches = new Map<string, Breach & { readonly trace: readonly string[] }>();

  const done = (): Exploration => ({ states: ways.size, breaches: [...breaches.values()] });

  let frontier = [first];
  while (frontier.length > 0) {
    const next: string[] = [];
    for (const key of frontier) {
      for (const breach of model.broken(copy<State>(key)))
        if (!breaches.has(breach.invariant)) breaches.set(breach.invariant, { ...breach, trace: traceTo(key, ways) });
      if (sought !== undefined && breaches.has(sought)) return done();

      for (const move of model.moves(copy<State>(key))) {
        const draft = copy<State>(key);
        const label = move(draft);
        const reached = JSON.stringify(draft);
        if (ways.has(reached)) continue;
        ways.set(reached, { from: key, label });
        next.push(reached);
      }
    }
    if (ways.size > MOST_STATES) throw new Error(`more than ${MOST_STATES} states: choose a smaller configuration`);
    frontier = next;
  }
  return done();
}

/** What a test prints of a breach that should not be: its name and the story that leads to it. */
export const told = ({ breaches }: Exploration): readonly string[] =>
  breaches.map(({ invariant, detail, trace }) => [`${invariant}: ${detail}`, ...trace].join('\n  '));

interface Way {
  readonly from: string | null;
  readonly label: string;
}

const copy = <State>(key: string): State => JSON.parse(key);

function traceTo(key: string, ways: ReadonlyMap<string, Way>): readonly string[] {
  const trace: string[] = [];
  for (let way = ways.get(key); way?.from; way = ways.get(way.from)) trace.unshift(way.label);
  return trace;
}

/** @throws if the list is shorter: a model that asks for what is not there is wrong */
export function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}
