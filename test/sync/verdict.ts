import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import type { Person, SyncWorld } from './syncWorld';
import { storedReadings, type Told, toldReadings } from './told';

/** What is wrong with a connection when everybody has come to rest; empty if nothing is. The simulator's ledger is the judge. */
export interface Verdict {
  /** Visible and not stored, or stored otherwise than it is. */
  readonly notStored: readonly string[];
  readonly storedTwice: readonly string[];
  /** News that is in no `created`, or in more than one. */
  readonly notCreatedOnce: readonly string[];
  /** History that was announced. */
  readonly historyTold: readonly string[];
  /** The last value told is not the one that stands, or one was told that changed nothing. */
  readonly wronglyUpdated: readonly string[];
  readonly messagesTwice: readonly string[];
  readonly unpublishedDays: number;
}

export const INNOCENT: Verdict = {
  notStored: [],
  storedTwice: [],
  notCreatedOnce: [],
  historyTold: [],
  wronglyUpdated: [],
  messagesTwice: [],
  unpublishedDays: 0,
};

/** @param window what was pulled; news begins at the connection's `liveFrom` */
export async function verdict(
  world: SyncWorld,
  person: Person,
  connection: ConnectionDoc,
  window: { readonly from: number; readonly to: number },
): Promise<Verdict> {
  const [ledger, stored, told, unpublished] = await Promise.all([
    world.simulator.control.readings(person.id, { from: window.from, to: window.to }),
    storedReadings(world, connection),
    toldReadings(world, connection),
    world.deps.glucoseDays.unpublishedOf(connection),
  ]);
  const storedById = new Map(stored.map((reading) => [reading.recordId, reading]));
  const stories = storiesOf(told);
  const isNews = ({ measuredAt }: { measuredAt: number }) => measuredAt >= connection.liveFrom;

  return {
    notStored: ledger.filter(({ recordId, mgPerDl }) => storedById.get(recordId)?.mgPerDl !== mgPerDl).map(({ recordId }) => recordId),
    storedTwice: stored
      .filter(({ recordId }, n) => stored.findIndex((other) => other.recordId === recordId) !== n)
      .map(({ recordId }) => recordId),
    notCreatedOnce: ledger.filter((one) => isNews(one) && createdIn(stories.get(one.recordId)) !== 1).map(({ recordId }) => recordId),
    historyTold: ledger.filter((one) => !isNews(one) && stories.has(one.recordId)).map(({ recordId }) => recordId),
    wronglyUpdated: ledger.filter((one) => isNews(one) && !isTrue(stories.get(one.recordId), one.mgPerDl)).map(({ recordId }) => recordId),
    messagesTwice: duplicates(told.map(({ messageId, recordId, change }) => `${messageId} ${change} ${recordId}`)),
    unpublishedDays: unpublished.length,
  };
}

function storiesOf(told: readonly Told[]): Map<string, Told[]> {
  const stories = new Map<string, Told[]>();
  for (const one of told) stories.set(one.recordId, [...(stories.get(one.recordId) ?? []), one]);
  return stories;
}

const createdIn = (story: readonly Told[] = []): number => story.filter(({ change }) => change === 'created').length;

/** Created first, then each time another value, the last one being the one that stands. */
const isTrue = (story: readonly Told[] = [], mgPerDl: number | null): boolean =>
  story[0]?.change === 'created' &&
  story.at(-1)?.mgPerDl === mgPerDl &&
  story.every(({ mgPerDl: value }, n) => n === 0 || value !== story[n - 1]?.mgPerDl);

const duplicates = (all: readonly string[]): string[] => all.filter((one, n) => all.indexOf(one) !== n);
