import type { Grant, Rotation } from '../../simulator/oauth/grant';

/** All there is to know about why somebody had to consent again. */
export interface ReauthFacts {
  readonly person: string;
  /** When the app heard of each, and the reason it was told. */
  readonly told: readonly { readonly at: number; readonly reason: string }[];
  readonly grants: readonly Pick<Grant, 'id' | 'consentedAt' | 'endedAt' | 'endsAt'>[];
  readonly rotations: readonly Pick<Rotation, 'at' | 'grantId' | 'answer' | 'firstUsedAt'>[];
}

/**
 * Who was told to consent again without a cause in the ledger. A cause is a consent that had ended by then, withdrawn at once or at a time the
 * ledger knew before, or a rotation by then whose tokens never came back: its answer was dropped, or whoever had got it died before it was
 * kept. Pure.
 * @returns a line for people for each
 */
export function unexplainedReauths({ person, told, grants, rotations }: ReauthFacts): string[] {
  const latest = grants.toSorted((a, b) => a.consentedAt - b.consentedAt).at(-1)?.id;
  return told
    .filter(({ at }) => {
      const ended = grants.some(({ endedAt, endsAt }) => (endedAt ?? endsAt ?? Infinity) <= at);
      const lost = rotations.some((rotation) => {
        const cameBack = rotation.firstUsedAt !== null;
        return rotation.at <= at && !cameBack && (rotation.answer !== 'answered' || rotation.grantId !== latest);
      });
      return !ended && !lost;
    })
    .map(({ at, reason }) => `${person} at ${new Date(at).toISOString()}: ${reason}`);
}
