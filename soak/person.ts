/** One consent of a person's, as the app saw it. Unix milliseconds. */
export interface Consent {
  /** Whose Dexcom account was opened, by the simulator's name. */
  readonly account: string;
  /** Before the person was sent to Dexcom, and after the API had answered the way back. */
  readonly between: readonly [number, number];
}

/** A user of ours and the simulated person behind them. */
export interface SoakPerson {
  readonly person: string;
  /** Whose life is lived here; null: nobody's of them. */
  readonly scenario: string | null;
  readonly userId: string;
  /** In the order they were given; the first account's own data is what is judged most strictly. */
  readonly consents: Consent[];
}

/** A user's data from one Dexcom account. */
export interface UsedAccount {
  readonly account: string;
  readonly firstConsent: Consent['between'];
  /** When another account was consented to, which ends this one; null while it is in use. */
  readonly endedAt: number | null;
}

/** The accounts a user has consented with, each once. */
export function accountsOf({ consents }: SoakPerson): UsedAccount[] {
  const names = [...new Set(consents.map(({ account }) => account))];
  const last = consents.at(-1);
  return names.flatMap((account) => {
    const first = consents.find((consent) => consent.account === account);
    if (!first || !last) return [];
    const next = consents.find((consent) => consent.account !== account && consent.between[0] > first.between[0]);
    return [{ account, firstConsent: first.between, endedAt: last.account === account ? null : (next?.between[0] ?? null) }];
  });
}
