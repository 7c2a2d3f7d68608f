import type { ColumnReader, ColumnWriter } from './columns';
import { deviceTimeForm, writeDeviceTime } from './deviceTimeForms';
import type { OriginColumns } from './originColumns';
import type { RawTimes, ReadingOrigin } from './reading';
import type { Vocabulary } from './vocabulary';

// A text is told by its form and the zone it names where those give it back exactly, else it is kept.
const ABSENT = 0;
const KEPT = 1;
const FIRST_FORM = 2;

/** A receiver writes thousands of times in one unusual form: the form is stored, not the strings. */
export function writeRawTimes(out: ColumnWriter, origins: readonly ReadingOrigin[], vocabulary: Vocabulary): void {
  out.runs(out.columnOf(origins, ({ rawTimes }) => (rawTimes === null ? 0 : 1)));
  const odd = origins.filter(hasRawTimes);
  // A column without rows takes no bytes.
  if (odd.length === 0) return;

  const drifts = out.columnOf(odd, ({ rawTimes, ...time }) =>
    rawTimes.displayAt === null ? Number.NaN : rawTimes.displayAt - shownAt(time),
  );
  out.deltas(out.presence(drifts));
  out.runs(
    out.columnOf(odd, ({ at, utcOffsetSeconds, rawTimes }) =>
      formOrKeep(rawTimes.systemTime, utcOffsetSeconds, (zoneSeconds) => at + zoneSeconds * 1000, vocabulary),
    ),
  );
  out.runs(
    out.columnOf(odd, ({ utcOffsetSeconds, rawTimes: { displayTime, displayAt } }) => {
      if (displayTime === null) return ABSENT;
      return formOrKeep(displayTime, utcOffsetSeconds, () => displayAt ?? Number.NaN, vocabulary);
    }),
  );
}

/** @returns nothing at all if no reading has any, as is usual */
export function readRawTimes(
  from: ColumnReader,
  { dayStart, sinceMidnight, offsets }: Pick<OriginColumns, 'dayStart' | 'sinceMidnight' | 'offsets'>,
  vocabulary: Vocabulary,
): (RawTimes | null)[] {
  if (from.isOneRun(0, sinceMidnight.length)) return [];
  const present = from.runs(sinceMidnight.length);
  const odd = sinceMidnight
    .map((sinceMs, i) => ({ at: dayStart + sinceMs, utcOffsetSeconds: offsets[i] ?? null }))
    .filter((_, i) => present[i] === 1);
  const drifts = from.optional(odd.length, (shown) => from.deltas(shown));

  const systemTimes = from.runs(odd.length).map((code, i) => {
    const { at, utcOffsetSeconds } = odd[i] ?? NOWHEN;
    return textOf(code, utcOffsetSeconds, (zoneSeconds) => at + zoneSeconds * 1000, vocabulary);
  });
  const displayAts = odd.map((time, i) => {
    const drift = drifts[i] ?? null;
    return drift === null ? null : shownAt(time) + drift;
  });
  const displayTimes = from.runs(odd.length).map((code, i) => {
    if (code === ABSENT) return null;
    return textOf(code, odd[i]?.utcOffsetSeconds ?? null, () => displayAts[i] ?? Number.NaN, vocabulary);
  });

  let next = 0;
  return present.map((one) => {
    if (one === 0) return null;
    const i = next++;
    return { systemTime: systemTimes[i] ?? '', displayTime: displayTimes[i] ?? null, displayAt: displayAts[i] ?? null };
  });
}

const NOWHEN = { at: Number.NaN, utcOffsetSeconds: null };

const hasRawTimes = (origin: ReadingOrigin): origin is ReadingOrigin & { rawTimes: RawTimes } => origin.rawTimes !== null;

const shownAt = ({ at, utcOffsetSeconds }: Pick<ReadingOrigin, 'at' | 'utcOffsetSeconds'>): number => at + (utcOffsetSeconds ?? 0) * 1000;

/** @param clockAt what the clock in the text says, given the zone the text names */
function formOrKeep(text: string, offsetSeconds: number | null, clockAt: (zoneSeconds: number) => number, vocabulary: Vocabulary): number {
  const form = deviceTimeForm(text);
  if (form !== null) {
    for (const [zone, zoneSeconds] of [0, offsetSeconds ?? 0].entries()) {
      if (writeDeviceTime(form, clockAt(zoneSeconds), zoneSeconds) === text) return FIRST_FORM + form * 2 + zone;
    }
  }
  vocabulary.keepText(text);
  return KEPT;
}

function textOf(code: number, offsetSeconds: number | null, clockAt: (zoneSeconds: number) => number, vocabulary: Vocabulary): string {
  if (code === KEPT) return vocabulary.readText();
  const zoneSeconds = (code - FIRST_FORM) % 2 === 0 ? 0 : (offsetSeconds ?? 0);
  return writeDeviceTime(Math.floor((code - FIRST_FORM) / 2), clockAt(zoneSeconds), zoneSeconds);
}
