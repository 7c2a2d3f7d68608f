import { lot, type Oddity } from './oddity';

/** Words and fields nobody documented (dexcom-api.md §8.32; F11): in one record of seven. */
export const strangeWords: Oddity = (records) =>
  records.map((record) => {
    if (lot(record, 7, 'strange') > 0) return record;
    const word = [{ transmitterGeneration: 'g6 pro' }, { displayDevice: 'watch' }, { trend: 'sideways' }, { status: 'ok' }][
      lot(record, 4, 'word')
    ];
    return { ...record, ...word, sensorMood: 'sunny' };
  });
