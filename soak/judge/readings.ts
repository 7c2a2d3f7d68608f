import { markdownTable } from '../report/table';
import { awaited, wrong } from './amounts';
import type { Judge } from './judge';
import type { PersonVerdict } from './judgePerson';
import { settled } from './settle';

/** Every visible reading stored once, every one of news told in one `created`, every correction in an `updated`; and nobody else's. */
export const readings: Judge = async ({ engine, people }, sitting) => {
  const verdicts = await settled(engine, people, sitting);
  const faulty = verdicts.filter((verdict) => awaited(verdict) + wrong(verdict) > 0);

  return {
    isGood: faulty.length === 0,
    tables: [markdownTable(HEAD, [row('all', verdicts), ...byScenario(verdicts).map(([name, its]) => row(name, its))])],
    figures: [
      ['visible and not judged: without a value', sum(verdicts, ({ excluded }) => excluded.withoutValue)],
      ['visible and not judged: dated ahead of the verdict by the device', sum(verdicts, ({ excluded }) => excluded.datedAhead)],
      ['visible and not judged: of an account that another one has followed', sum(verdicts, ({ excluded }) => excluded.afterEnd)],
    ],
    findings: faulty.map(inWords),
  };
};

const HEAD = ['scenario (people)', 'visible', 'stored', 'news', 'delivered', 'doubled', 'lost', 'outdated', 'history told', 'foreign'];

const row = (name: string, verdicts: readonly PersonVerdict[]): (string | number)[] => [
  name,
  sum(verdicts, ({ visible }) => visible),
  sum(verdicts, ({ stored }) => stored),
  sum(verdicts, ({ news }) => news),
  sum(verdicts, ({ delivered }) => delivered),
  sum(verdicts, ({ storedTwice, toldTwice }) => storedTwice.length + toldTwice.length),
  sum(verdicts, ({ notStored, notDelivered }) => new Set([...notStored, ...notDelivered]).size),
  sum(verdicts, ({ outdated }) => outdated.length),
  sum(verdicts, ({ historyTold }) => historyTold.length),
  sum(verdicts, ({ foreign }) => foreign.length),
];

function byScenario(verdicts: readonly PersonVerdict[]): [string, PersonVerdict[]][] {
  const names = [...new Set(verdicts.map(({ scenario }) => scenario))];
  return names.map((name) => {
    const its = verdicts.filter(({ scenario }) => scenario === name);
    return [`${name ?? 'nothing the matter'} (${its.length})`, its];
  });
}

const MOST_NAMED = 5;

function inWords(verdict: PersonVerdict): string {
  const { person, notStored, notDelivered, storedTwice, toldTwice, outdated, historyTold, foreign } = verdict;
  const lists = { notStored, notDelivered, storedTwice, toldTwice, outdated, historyTold, foreign };
  const named = Object.entries(lists).filter(([, ids]) => ids.length > 0);
  return `${person}: ${named.map(([name, ids]) => `${name} ${ids.length} (${ids.slice(0, MOST_NAMED).join(' ')})`).join('; ')}`;
}

const sum = (verdicts: readonly PersonVerdict[], of: (verdict: PersonVerdict) => number): number =>
  verdicts.reduce((total, verdict) => total + of(verdict), 0);
