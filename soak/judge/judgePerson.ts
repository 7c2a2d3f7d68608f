import { type ApiSample, repeated } from '../../test/engine/judge';
import type { UsedAccount } from '../person';

/** A reading as the simulator's ledger has it; instants are Unix milliseconds. */
export interface LedgerFact {
  readonly recordId: string;
  readonly measuredAt: number;
  readonly visibleAt: number | null;
  readonly mgPerDl: number | null;
  readonly changedAt: number | null;
}

/** A reading as the API answers it or an event carries it. */
export type SampleFact = Pick<ApiSample, 'record_id' | 'value_mg_per_dl'> & {
  readonly also_reported: readonly { readonly record_id: string }[];
};

/** All there is to know about one person's readings. */
export interface PersonFacts {
  readonly person: string;
  readonly scenario: string | null;
  /** What could be seen by then is judged. */
  readonly judgedAt: number;
  readonly accounts: readonly (UsedAccount & { readonly ledger: readonly LedgerFact[] })[];
  readonly stored: readonly SampleFact[];
  /** Over distinct messages. */
  readonly created: readonly SampleFact[];
  readonly updated: readonly SampleFact[];
}

/** What became of one person's readings. Lists hold record ids; what should never be is empty in a good run. */
export interface PersonVerdict {
  readonly person: string;
  readonly scenario: string | null;
  /** Could be seen at Dexcom while there was consent, history and news. */
  readonly visible: number;
  /** Of them, how many the API answers. */
  readonly stored: number;
  /** Measured since the consent: to be told. */
  readonly news: number;
  /** Of them, how many were told. */
  readonly delivered: number;
  /** Visible and not judged. */
  readonly excluded: { readonly withoutValue: number; readonly datedAhead: number; readonly afterEnd: number };

  readonly notStored: readonly string[];
  readonly notDelivered: readonly string[];
  readonly storedTwice: readonly string[];
  /** In the `created` of more than one message. */
  readonly toldTwice: readonly string[];
  /** Stored with another value than the ledger's, or told and its correction not. */
  readonly outdated: readonly string[];
  /** History that was told as news. */
  readonly historyTold: readonly string[];
  /** Stored or told, and of no account this person has consented with. */
  readonly foreign: readonly string[];
}

/** The verdict on one person; pure. */
export function judgePerson({ person, scenario, judgedAt, accounts, stored, created, updated }: PersonFacts): PersonVerdict {
  const seen = accounts.flatMap(({ ledger, firstConsent, endedAt }) =>
    ledger.filter(isVisible(judgedAt)).map((fact) => ({ fact, firstConsent, isPast: endedAt !== null })),
  );
  const judged = seen.filter(({ fact, isPast }) => !isPast && fact.mgPerDl !== null && fact.measuredAt <= judgedAt);

  const measurementOf = byRecord(stored);
  const told = timesTold(created, measurementOf);
  const newsOf = new Map<string, boolean[]>();
  const historyOf = new Map<string, boolean[]>();
  for (const { fact, firstConsent } of judged) {
    const id = measurementOf(fact.recordId);
    note(newsOf, id, fact.measuredAt > firstConsent[1]);
    note(historyOf, id, (fact.visibleAt ?? 0) < firstConsent[0]);
  }
  const news = [...newsOf].filter(([, isNews]) => isNews.every(Boolean)).map(([id]) => id);
  const history = [...historyOf].filter(([, isHistory]) => isHistory.every(Boolean)).map(([id]) => id);

  const known = new Set(accounts.flatMap(({ ledger }) => ledger.map(({ recordId }) => recordId)));
  const recordsStored = stored.flatMap(recordsOf);
  const there = new Set(recordsStored);
  const notStored = judged.filter(({ fact }) => !there.has(fact.recordId)).map(({ fact }) => fact.recordId);
  const notDelivered = news.filter((id) => !told.has(id));

  return {
    person,
    scenario,
    visible: judged.length,
    stored: judged.length - notStored.length,
    news: news.length,
    delivered: news.length - notDelivered.length,
    excluded: {
      withoutValue: seen.filter(({ fact }) => fact.mgPerDl === null).length,
      datedAhead: seen.filter(({ fact }) => fact.mgPerDl !== null && fact.measuredAt > judgedAt).length,
      afterEnd: seen.filter(({ fact, isPast }) => isPast && fact.mgPerDl !== null && fact.measuredAt <= judgedAt).length,
    },
    notStored,
    notDelivered,
    storedTwice: repeated(recordsStored),
    toldTwice: [...told].filter(([, times]) => times > 1).map(([id]) => id),
    outdated: outdated({ facts: judged.map(({ fact }) => fact), judgedAt, stored, created, updated }),
    historyTold: history.filter((id) => told.has(id)),
    foreign: [...new Set([...recordsStored, ...[...created, ...updated].flatMap(recordsOf)])].filter((id) => !known.has(id)),
  };
}

const isVisible =
  (at: number) =>
  ({ visibleAt }: LedgerFact): boolean =>
    visibleAt !== null && visibleAt <= at;

const recordsOf = ({ record_id, also_reported }: SampleFact): string[] => [record_id, ...also_reported.map((twin) => twin.record_id)];

/** @returns names a measurement by the record that is shown for it, whichever device reported it; itself where it is not stored */
function byRecord(stored: readonly SampleFact[]): (recordId: string) => string {
  const shown = new Map(stored.flatMap((sample) => recordsOf(sample).map((id) => [id, sample.record_id] as const)));
  return (recordId) => shown.get(recordId) ?? recordId;
}

function timesTold(created: readonly SampleFact[], measurementOf: (recordId: string) => string): Map<string, number> {
  const times = new Map<string, number>();
  for (const { record_id } of created) times.set(measurementOf(record_id), (times.get(measurementOf(record_id)) ?? 0) + 1);
  return times;
}

function note(marks: Map<string, boolean[]>, id: string, mark: boolean): void {
  const known = marks.get(id);
  if (known) known.push(mark);
  else marks.set(id, [mark]);
}

/** Shown with another value than the ledger has had since before the verdict; or told, and the value it has now not. */
function outdated({
  facts,
  judgedAt,
  stored,
  created,
  updated,
}: Pick<PersonFacts, 'judgedAt' | 'stored' | 'created' | 'updated'> & { readonly facts: readonly LedgerFact[] }): string[] {
  const shown = new Map(stored.map((sample) => [sample.record_id, sample.value_mg_per_dl]));
  const told = new Map<string, Set<number | null>>();
  for (const { record_id, value_mg_per_dl } of [...created, ...updated])
    told.set(record_id, (told.get(record_id) ?? new Set()).add(value_mg_per_dl));

  return facts
    .filter(({ changedAt }) => changedAt === null || changedAt <= judgedAt)
    .filter(
      ({ recordId, mgPerDl }) => shown.has(recordId) && (shown.get(recordId) !== mgPerDl || told.get(recordId)?.has(mgPerDl) === false),
    )
    .map(({ recordId }) => recordId);
}
