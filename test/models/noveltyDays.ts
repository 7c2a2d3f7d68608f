import { at } from './engine';
import type { Answer, Purpose, Rules } from './noveltyWorld';

type Change = 'created' | 'updated' | 'none';

export interface Day {
  version: number;
  pullSeq: number;
  unpublished: boolean;
  readings: (null | { value: number; mark: number; change: Change })[];
}

/** A day as it is to be written: by a replace that names the version before. */
export interface Write {
  readonly day: number;
  readonly next: Day;
}

/** A day's news as it was read: the messages still to insert. */
export interface Publication {
  day: number;
  version: number;
  ids: string[];
}

interface Merging {
  readonly seq: number;
  readonly purpose: Purpose | 'reconcile';
  readonly history: readonly boolean[];
  readonly rules: Rules;
}

/** The days that the answer changes, in the order of their writing. */
export function merge(stored: readonly Day[], answer: Answer, { seq, purpose, history, rules }: Merging): Write[] {
  const next: Day[] = structuredClone([...stored]);
  const gained = new Set<number>();
  const lost = new Set<number>();
  answer.forEach((served, id) => {
    if (!served || (purpose === 'live' && history[id] && rules.liveStaysAboveHistory)) return;
    const [day, value] = served;
    const there = stored.some((other, index) => index !== day && other.readings[id]);
    next.forEach((other, index) => {
      if (index === day || !other.readings[id]) return;
      other.readings[id] = null;
      lost.add(index);
    });
    const known = at(stored, day).readings[id];
    if (known?.value === value) return;
    const silent = purpose === 'backfill' && history[id] && !(rules.announcedNeverSilent && known && known.mark > 0);
    at(next, day).readings[id] = {
      value,
      mark: silent ? 0 : at(next, day).version + 1,
      change: silent ? 'none' : known || there ? 'updated' : 'created',
    };
    gained.add(day);
  });
  const order = rules.newDayFirst ? [...gained, ...lost] : [...lost, ...gained];
  return [...new Set(order)].map((day) => {
    const before = at(stored, day);
    const { readings } = at(next, day);
    const version = before.version + 1;
    const news = readings.some((reading) => reading?.mark === version);
    return { day, next: { version, pullSeq: seq, unpublished: news || before.unpublished, readings } };
  });
}

export interface Event {
  readonly day: number;
  readonly version: number;
  readonly change: string;
  readonly id: number;
  readonly value: number;
}

/** What a message id stands for: day, version, kind and each reading with its value. */
export const events = (message: string): readonly Event[] => {
  const [day, version, change = '', chunk = ''] = message.split('|');
  return chunk.split(',').map((part) => {
    const [id, value] = part.split(':');
    return { day: Number(day), version: Number(version), change, id: Number(id), value: Number(value) };
  });
};

export function publication({ version, readings }: Day, day: number): Publication {
  const ids = (['created', 'updated'] as const).flatMap((change) => {
    const chunk = readings.flatMap((reading, id) =>
      reading?.mark === version && reading.change === change ? [`${id}:${reading.value}`] : [],
    );
    return chunk.length > 0 ? [[day, version, change, chunk.join(',')].join('|')] : [];
  });
  return { day, version, ids };
}
