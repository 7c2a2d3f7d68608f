import { DAY_MS } from '../duration';
import type { Person } from '../people/person';
import { existing } from '../readings/existing';
import { egvRecords, type Records, type View } from './egvsBody';
import type { Window } from './window';

/**
 * Keeps past days serialised (about 130 kB each), so that a benchmark measures its client and not this simulator.
 * A person who changes is another object and starts with nothing kept.
 */
export class RenderedDays {
  private readonly kept = new WeakMap<Person, Map<string, Records>>();

  /** The same as `egvRecords`, out of kept days where possible. */
  records(view: View, { from, to }: Window): Records {
    if (!keeps(view)) return egvRecords(view, { from, to });
    const parts: Records[] = [];
    for (let end = to; end > from; ) {
      const midnight = Math.ceil(end / DAY_MS - 1) * DAY_MS;
      const start = Math.max(from, midnight);
      parts.push(end - start === DAY_MS ? this.day(view, start) : egvRecords(view, { from: start, to: end }));
      end = start;
    }
    const texts = parts.flatMap(({ text }) => (text === '' ? [] : [text]));
    return { text: texts.join(','), count: parts.reduce((sum, { count }) => sum + count, 0) };
  }

  private day(view: View, start: number): Records {
    const { origin, clientId, asOf } = view;
    const days = this.kept.get(origin.person) ?? new Map<string, Records>();
    this.kept.set(origin.person, days);
    const name = `${clientId} ${start}`;
    const known = days.get(name);
    if (known) return known;

    const rendered = egvRecords(view, { from: start, to: start + DAY_MS });
    if (this.isOver(view, start, asOf)) days.set(name, rendered);
    return rendered;
  }

  /** Nothing of the day can be added any more: it has passed and all of it is visible. */
  private isOver({ origin }: View, start: number, asOf: number): boolean {
    if (start + DAY_MS > asOf) return false;
    return existing(origin, start, start + DAY_MS, asOf).every(({ visibleAt }) => visibleAt !== null && visibleAt <= asOf);
  }
}

/** Anything but newest first is rendered each time, and so is whatever may yet change. */
const keeps = ({ settings, origin: { person } }: View): boolean =>
  settings.order === 'newestFirst' && person.corrections.length === 0 && person.switches === undefined;
