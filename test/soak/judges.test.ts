import { drawBy } from '../../soak/draw';
import { awaited, wrong } from '../../soak/judge/amounts';
import { judgePerson, type LedgerFact, type PersonFacts, type SampleFact } from '../../soak/judge/judgePerson';
import { type ReauthFacts, unexplainedReauths } from '../../soak/judge/unexplainedReauths';
import { accountsOf } from '../../soak/person';
import { strikes } from '../../soak/strikes';

const seen = (recordId: string, at: number, rest: Partial<LedgerFact> = {}): LedgerFact => ({
  recordId,
  measuredAt: at,
  visibleAt: at + 1,
  mgPerDl: 100,
  changedAt: null,
  ...rest,
});
const sample = (record_id: string, value_mg_per_dl = 100, ...twins: string[]): SampleFact => ({
  record_id,
  value_mg_per_dl,
  also_reported: twins.map((id) => ({ record_id: id })),
});

/** Consent at 100 to 110; `old` is history, `new` is news. */
const GOOD: PersonFacts = {
  person: 'ada',
  scenario: null,
  judgedAt: 1_000,
  accounts: [{ account: 'ada', firstConsent: [100, 110], endedAt: null, ledger: [seen('old', 50), seen('new', 200)] }],
  stored: [sample('old'), sample('new')],
  created: [sample('new')],
  updated: [],
};
const withLedger = (...more: LedgerFact[]): PersonFacts['accounts'] =>
  GOOD.accounts.map((one) => ({ ...one, ledger: [...one.ledger, ...more] }));

describe('the judge of readings', () => {
  test('finds nothing where all was stored and told once', () => {
    const verdict = judgePerson(GOOD);
    expect(verdict).toMatchObject({ visible: 2, stored: 2, news: 1, delivered: 1 });
    expect([awaited(verdict), wrong(verdict)]).toEqual([0, 0]);
  });

  test.each<[string, Partial<PersonFacts>, object]>([
    ['what is not stored', { stored: [sample('new')] }, { notStored: ['old'] }],
    ['what was not told', { created: [] }, { notDelivered: ['new'] }],
    ['what is stored twice', { stored: [...GOOD.stored, sample('new')] }, { storedTwice: ['new'] }],
    ['what is in two messages', { created: [sample('new'), sample('new')] }, { toldTwice: ['new'] }],
    [
      'a measurement told by each of its two devices',
      {
        accounts: withLedger(seen('twin', 205)),
        stored: [sample('old'), sample('new', 100, 'twin')],
        created: [sample('new'), sample('twin')],
      },
      { toldTwice: ['new'] },
    ],
    ['history that was told', { created: [sample('old'), sample('new')] }, { historyTold: ['old'] }],
    ['a value that was not followed', { stored: [sample('old'), sample('new', 90)] }, { outdated: ['new'] }],
    [
      'a correction that was not told',
      { stored: [sample('old', 100), sample('new')], created: [sample('new', 90)] },
      { outdated: ['new'] },
    ],
    ['somebody else’s reading', { stored: [...GOOD.stored, sample('hers')] }, { foreign: ['hers'] }],
  ])('finds %s', (_, change, found) => {
    const verdict = judgePerson({ ...GOOD, ...change });
    expect(verdict).toMatchObject(found);
    expect(awaited(verdict) + wrong(verdict)).toBe(1);
  });

  test.each<[string, Partial<PersonFacts>]>([
    ['became visible after the verdict’s instant', { accounts: withLedger(seen('late', 300, { visibleAt: 1_001 })) }],
    ['has no value', { accounts: withLedger(seen('none', 300, { mgPerDl: null })) }],
    ['is dated ahead by the device', { accounts: withLedger(seen('ahead', 1_500, { visibleAt: 300 })) }],
    [
      'was measured before the consent and seen after it, told or not',
      { accounts: withLedger(seen('between', 90, { visibleAt: 150 })), stored: [...GOOD.stored, sample('between')] },
    ],
    [
      'belongs to an account that another one has followed',
      { accounts: [...GOOD.accounts, { account: 'father', firstConsent: [20, 30], endedAt: 99, ledger: [seen('his', 60)] }] },
    ],
    ['was corrected and told so', { created: [sample('new', 90)], updated: [sample('new')] }],
  ])('does not count what %s', (_, change) => {
    const verdict = judgePerson({ ...GOOD, ...change });
    expect(awaited(verdict) + wrong(verdict)).toBe(0);
  });
});

describe('the judge of consents', () => {
  const told: ReauthFacts = {
    person: 'ada',
    told: [{ at: 500, reason: 'revoked' }],
    grants: [{ id: 'g', consentedAt: 1, endedAt: null }],
    rotations: [],
  };
  const rotation = { at: 400, grantId: 'g', answer: 'answered', firstUsedAt: 450 } as const;

  test.each<[string, Partial<ReauthFacts>, number]>([
    ['nothing had happened', {}, 1],
    ['every rotation had arrived', { rotations: [rotation] }, 1],
    ['consent was withdrawn afterwards', { grants: [{ id: 'g', consentedAt: 1, endedAt: 501 }] }, 1],
    ['consent was withdrawn before', { grants: [{ id: 'g', consentedAt: 1, endedAt: 499 }] }, 0],
    ['consent had ended by itself before', { grants: [{ id: 'g', consentedAt: 1, endedAt: null, endsAt: 499 }] }, 0],
    ['consent ends by itself afterwards', { grants: [{ id: 'g', consentedAt: 1, endedAt: null, endsAt: 501 }] }, 1],
    ['a rotation’s answer was dropped', { rotations: [{ ...rotation, answer: 'dropped', firstUsedAt: null }] }, 0],
    ['a rotation of an older consent never came back', { rotations: [{ ...rotation, grantId: 'older', firstUsedAt: null }] }, 0],
  ])('where %s', (_, change, unexplained) => {
    expect(unexplainedReauths({ ...told, ...change })).toHaveLength(unexplained);
  });
});

test('a consent with another account ends the one before', () => {
  const consents = [
    { account: 'daughter', between: [1, 2] },
    { account: 'daughter', between: [3, 4] },
    { account: 'father', between: [5, 6] },
  ] as const;
  expect(accountsOf({ person: 'daughter', scenario: null, userId: 'u', consents: [...consents] })).toEqual([
    { account: 'daughter', firstConsent: [1, 2], endedAt: 5 },
    { account: 'father', firstConsent: [5, 6], endedAt: null },
  ]);
});

test('a seed makes the same choices in the same order, another one others', () => {
  const order = (seed: string): string[] => {
    const draw = drawBy(seed);
    return Array.from({ length: 50 }, () => draw.weighted(strikes).name);
  };
  expect(order('a')).toEqual(order('a'));
  expect(order('a')).not.toEqual(order('b'));
});
