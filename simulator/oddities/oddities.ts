import { z } from 'zod';
import { dirtySettings } from './dirtySettings';
import { dirtyTimes } from './dirtyTimes';
import { duplicates } from './duplicates';
import { invalidRecords } from './invalidRecords';
import type { LooseRecord, Oddity } from './oddity';
import { roughTimes } from './roughTimes';
import { sparse } from './sparse';
import { strangeWords } from './strangeWords';
import { textNumbers } from './textNumbers';
import { wrongTypes } from './wrongTypes';

export const OddityName = z.enum([
  'sparse',
  'strangeWords',
  'dirtyTimes',
  'roughTimes',
  'duplicates',
  'invalidRecords',
  'dirtySettings',
  'wrongTypes',
  'textNumbers',
]);
export type OddityName = z.infer<typeof OddityName>;

/** A new one is a file and a line here. */
const ODDITIES: Readonly<Record<OddityName, Oddity>> = {
  sparse,
  strangeWords,
  dirtyTimes,
  roughTimes,
  duplicates,
  invalidRecords,
  dirtySettings,
  wrongTypes,
  textNumbers,
};

/** @returns the records as odd as the person's devices make them, in the order in which their oddities are named */
export const oddly = (records: readonly LooseRecord[], names: readonly OddityName[]): readonly LooseRecord[] =>
  names.reduce((odd, name) => ODDITIES[name](odd), records);
