import type { Figure } from '../figure';
import { median } from '../statistics';
import { FORTNIGHT_DAYS, fortnightPathOf } from '../worlds/fortnight';
import { manyPeople } from '../worlds/manyPeople';
import { askers } from '../worlds/question';
import { yearApi } from '../worlds/yearApi';

const PEOPLE = 200;
const CLIENTS = 8;
const QUERIES_EACH = 25;
const WARM_UP = 2;
const ROUNDS = 7;

/** A fortnight of many people, asked for one after the other and over again, of an API process that keeps written days and of one that keeps none. */
export const queryRatePeople: Figure = {
  name: 'queryRatePeople',

  async measure() {
    const [keeping, plain] = [await yearApi(), await yearApi({ QUERY_CACHE_MB: '0' })];
    const people = await manyPeople(PEOPLE);
    const ask = await askers();
    const rateOf = async ({ url, headers }: typeof plain): Promise<number> => {
      const urls = people.map((person) => `${url}${fortnightPathOf(person)}`);
      return (await ask({ urls, headers, clients: CLIENTS, each: QUERIES_EACH })).perSecond;
    };

    const rates: { readonly keeping: number; readonly plain: number }[] = [];
    for (let round = 0; round < WARM_UP + ROUNDS; round++) {
      const rate = { keeping: await rateOf(keeping), plain: await rateOf(plain) };
      if (round >= WARM_UP) rates.push(rate);
    }
    return {
      measurements: [
        {
          figure: `queries of ${FORTNIGHT_DAYS} days of ${PEOPLE} people in turns, over the same where no day is kept`,
          goal: null,
          measured: { value: median(rates.map((rate) => rate.keeping)), unit: 'per s' },
          floor: { value: median(rates.map((rate) => rate.plain)), unit: 'per s' },
        },
      ],
      notes: [
        `${ROUNDS} interleaved rounds of ${CLIENTS * QUERIES_EACH} queries, ${CLIENTS} at once: each person is asked for once a round, and one in eight fits into what is kept`,
        `ratios of the rounds ${rates.map((rate) => (rate.keeping / rate.plain).toFixed(2)).join(', ')}`,
      ],
    };
  },
};
