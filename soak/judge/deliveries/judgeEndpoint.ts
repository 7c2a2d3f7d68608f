import type { EndpointScript } from '../../endpoints/script';
import type { Tried } from '../../endpoints/tried';
import type { Struck } from '../../strikes/keepStriking';
import type { FeedEvent } from './feedWalk';
import { type LoggedTry, reasonOf } from './reasonOf';

/** Which way a message came to an endpoint. */
export const WAYS = [
  'pushed at once',
  'pushed later, it had waited',
  'pushed again, a try had failed',
  'kept while disabled, pushed after enabling',
  'caught up with after enabling',
] as const;

export type Way = (typeof WAYS)[number];

/** All there is to know about one endpoint; instants are Unix milliseconds. */
export interface EndpointFacts {
  readonly script: Pick<EndpointScript, 'name' | 'filterTypes'>;
  readonly judgedAt: number;
  /** The whole feed. */
  readonly events: readonly FeedEvent[];
  readonly tried: readonly Tried[];
  /** Null: it never was. */
  readonly disabled: { readonly at: number; readonly enabledAt: number } | null;
  readonly struck: readonly Struck[];
  /** What the engine's own log has of the messages that were taken more than once, by their ids. */
  readonly log: ReadonlyMap<string, readonly LoggedTry[]>;
  /** When workers were told that Temporal had given a task of theirs up. */
  readonly givenUpAt: readonly number[];
}

/** What became of one endpoint's messages. */
export interface EndpointVerdict {
  readonly name: string;
  /** Told by the verdict's instant, and wanted. */
  readonly due: number;
  readonly ways: ReadonlyMap<Way, number>;
  /** Ids of those that never came. */
  readonly lost: readonly string[];
  /** Ids that came and are of a type it does not want. */
  readonly unwanted: readonly string[];
  readonly unverified: number;
  readonly taken: number;
  /** How often it took again what it had, by the reason. */
  readonly repeats: ReadonlyMap<string, number>;
  /** Ids of those without one. */
  readonly unexplained: readonly string[];
}

/** What comes within so long has waited for nobody but the dispatch itself. */
const AT_ONCE_MS = 15_000;

/** The verdict on one endpoint; pure. */
export function judgeEndpoint(facts: EndpointFacts): EndpointVerdict {
  const { script, judgedAt, events, tried, disabled, struck, log, givenUpAt } = facts;
  const triesOf = byMessage(tried);
  const due = events.filter(({ type, createdAt }) => createdAt <= judgedAt && isDue(script, type));
  const ways = new Map<Way, number>();
  const lost: string[] = [];
  for (const event of due) {
    const way = wayOf(event, triesOf.get(event.id) ?? [], disabled);
    if (way === null) lost.push(event.id);
    else ways.set(way, (ways.get(way) ?? 0) + 1);
  }

  const repeats = new Map<string, number>();
  const unexplained: string[] = [];
  for (const [id, tries] of triesOf) {
    for (const [before, again] of pairsOf(tries.filter(({ took }) => took))) {
      const reason = reasonOf({ before, again, log: log.get(id) ?? [], struck, givenUpAt });
      if (reason === null) unexplained.push(id);
      else repeats.set(reason, (repeats.get(reason) ?? 0) + 1);
    }
  }

  const taken = tried.filter(({ took }) => took);
  return {
    name: script.name,
    due: due.length,
    ways,
    lost,
    unwanted: [...new Set(taken.filter(({ type }) => type !== null && !wants(script, type)).map(({ messageId }) => messageId))],
    unverified: tried.filter(({ verified }) => verified === false).length,
    taken: new Set(taken.map(({ messageId }) => messageId)).size,
    repeats,
    unexplained,
  };
}

const wants = ({ filterTypes }: EndpointFacts['script'], type: string): boolean =>
  filterTypes === null || filterTypes.some((pattern) => (pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type));

/** What is told of endpoints is told to those that are there at that moment. */
const isDue = (script: EndpointFacts['script'], type: string): boolean => !/^(endpoint|message)\./.test(type) && wants(script, type);

function wayOf({ createdAt }: FeedEvent, tries: readonly Tried[], disabled: EndpointFacts['disabled']): Way | null {
  const took = tries.find((one) => one.took);
  const [first] = tries;
  if (!took || !first) return null;
  if (disabled && took.at >= disabled.enabledAt)
    return createdAt < disabled.at ? 'kept while disabled, pushed after enabling' : 'caught up with after enabling';
  if (took !== first) return 'pushed again, a try had failed';
  return took.at - createdAt <= AT_ONCE_MS ? 'pushed at once' : 'pushed later, it had waited';
}

/** Each with the one after it. */
const pairsOf = <T>(items: readonly T[]): [T, T][] =>
  items.flatMap((item, n) => {
    const next = items[n + 1];
    return next === undefined ? [] : [[item, next] satisfies [T, T]];
  });

/** Ids of what was taken more than once. */
export const takenAgain = (tried: readonly Tried[]): string[] =>
  [...byMessage(tried.filter(({ took }) => took))].filter(([, tries]) => tries.length > 1).map(([id]) => id);

/** In the order they came. */
function byMessage(tried: readonly Tried[]): Map<string, Tried[]> {
  const tries = new Map<string, Tried[]>();
  for (const one of tried.toSorted((a, b) => a.at - b.at)) {
    const known = tries.get(one.messageId);
    if (known) known.push(one);
    else tries.set(one.messageId, [one]);
  }
  return tries;
}
