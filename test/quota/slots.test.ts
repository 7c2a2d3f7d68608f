import fc from 'fast-check';
import { type SlotPlan, slotAt, slotPlan } from '../../src/quota/slots';
import { HOUR, START } from './budgetWorld';

describe('any plan', () => {
  test('gives no hour, by whatever clock, more than is allowed, and uses nearly all of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 60_000 }), fc.integer({ min: 2_000, max: HOUR }), (callsPerHour, cadenceMs) => {
        const { slotMs, calls } = slotPlan(callsPerHour, cadenceMs);
        const slotsTouched = Math.round(HOUR / slotMs) + 1;
        expect(calls * slotsTouched).toBeLessThanOrEqual(callsPerHour);
        expect(calls * slotsTouched).toBeGreaterThan(callsPerHour * 0.85);
      }),
    );
  });

  test('has slots that meet, the same for every process', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 60_000 }), fc.integer({ min: 0, max: 10 * HOUR }), (callsPerHour, after) => {
        const odd: SlotPlan = slotPlan(callsPerHour, 7_000);
        const { startsAt, endsAt } = slotAt(START + after, odd);
        expect(startsAt).toBeLessThanOrEqual(START + after);
        expect(endsAt).toBeGreaterThan(START + after);
        expect(slotAt(endsAt, odd).startsAt).toBe(endsAt);
        expect(slotAt(startsAt, odd)).toEqual({ startsAt, endsAt });
      }),
    );
  });
});
