import type { Database } from '../../src/storage/database';
import { MOST_KEPT_A_DAY, Quarantine } from '../../src/storage/quarantine';
import { freshDatabase } from './freshDatabase';

describe('quarantine', () => {
  let database: Database;
  let quarantine: Quarantine;

  beforeAll(async () => {
    database = await freshDatabase();
    quarantine = new Quarantine(database.db);
  });
  afterAll(() => database.close());

  const place = { teamId: 't', connectionId: 'c', recordType: 'egv', seenAt: 1 } as const;
  const bad = (n: number) => ({ raw: `{"value":"${n}"}`, reason: 'value: not a number' });

  test('a bad record is kept raw and once, however often and by however many it is met', async () => {
    const met = await Promise.all(Array.from({ length: 5 }, () => quarantine.keep(place, [bad(1), bad(2), bad(1)])));
    expect(met.reduce((sum, kept) => sum + kept)).toBe(2);
    expect(await quarantine.keep({ ...place, seenAt: 2 }, [bad(1), bad(3)])).toBe(1);
    const kept = await quarantine.page('t', 'c', null, 10);
    expect(kept.map(({ raw }) => raw).sort()).toEqual([bad(1).raw, bad(2).raw, bad(3).raw]);
    expect(kept[0]).toMatchObject({ raw: bad(3).raw, reason: 'value: not a number', seenAt: 2 });
  });

  test('bad records that are others each time they come are kept up to a bound a day, and counted beyond it', async () => {
    const ever = { ...place, connectionId: 'ever', seenAt: 20_000 * 86_400_000 };
    const changing = (from: number, count: number) => Array.from({ length: count }, (_, n) => bad(from + n));
    expect(await quarantine.keep(ever, changing(0, MOST_KEPT_A_DAY - 1))).toBe(MOST_KEPT_A_DAY - 1);
    expect(await quarantine.notKept('t', 'ever')).toBe(0);
    expect(await quarantine.keep(ever, changing(1_000, 4))).toBe(1);
    expect(await quarantine.keep(ever, changing(2_000, 2))).toBe(0);
    expect(await quarantine.keep(ever, changing(0, 3))).toBe(0);
    expect([await quarantine.count('t', 'ever'), await quarantine.notKept('t', 'ever')]).toEqual([MOST_KEPT_A_DAY, 5]);

    expect(await quarantine.keep({ ...ever, seenAt: ever.seenAt + 86_400_000 }, changing(3_000, 2))).toBe(2);
    expect(await quarantine.notKept('other-team', 'ever')).toBe(0);
    await quarantine.erase('t', 'ever');
    expect([await quarantine.count('t', 'ever'), await quarantine.notKept('t', 'ever')]).toEqual([0, 0]);
  });

  test('the same record of another connection is another one', async () => {
    expect(await quarantine.keep({ ...place, connectionId: 'c2' }, [bad(1)])).toBe(1);
    expect(await quarantine.page('other-team', 'c2', null, 10)).toEqual([]);
  });
});
