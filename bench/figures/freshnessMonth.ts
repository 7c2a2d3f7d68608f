import { type Outcome, outcomes, outcomeTable } from '../../test/freshness/month/table';
import type { Figure, Goal, Measurement } from '../figure';

/** A month of thirteen kinds of people by the schedule alone, and by what others do on the same people: events, no clock, no server. */
export const freshnessMonth: Figure = {
  name: 'freshnessMonth',

  async measure() {
    const all = outcomes();
    const regular = all.filter(({ person, way }) => way === 'ours' && person.isRegular);
    const worst = (what: string, unit: string, most: number, of: (outcome: Outcome) => number): Measurement => ({
      figure: `a month simulated, ${what}, the worst of ${regular.length} regular people`,
      goal: { of: 'measured', is: 'at most', value: most } satisfies Goal,
      measured: { value: Math.max(...regular.map(of)), unit },
      floor: null,
    });
    return {
      measurements: [
        worst('visible → asked for, p50', 's', 10, ({ p50 }) => p50),
        worst('visible → asked for, p99', 's', 60, ({ p99 }) => p99),
        worst('calls per reading, tokens included', 'calls', 1.1, ({ calls }) => calls),
      ],
      notes: ['the same numbers in every run; docs/freshness.md says who these people are'],
      table: outcomeTable(all),
    };
  },
};
