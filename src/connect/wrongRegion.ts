import type { DexcomRegion } from '../dexcom/region';
import type { LinkFailure } from './linkOutcome';

/** Which accounts a region has. */
const WHICH: Readonly<Record<DexcomRegion, string>> = {
  us: 'made in the United States',
  eu: 'made in any country but the United States and Japan',
  jp: 'made in Japan',
  sandbox: 'of Dexcom’s sandbox',
  simulator: 'of the simulated Dexcom',
};

/**
 * What a person should know whose account lives elsewhere: Dexcom tells them that their password is wrong (dexcom-api.md F23), and we do not see
 * it happen, so it is said before they go and after they come back. @param offered where they can sign in
 */
export const wrongRegion = (offered: readonly DexcomRegion[]): string => {
  const [only, ...others] = offered;
  return only && others.length === 0
    ? `With this link only Dexcom accounts ${WHICH[only]} can be connected. Dexcom tells all others that their user name or password is not correct, though they are.`
    : 'Dexcom keeps the accounts of each region apart. In the wrong one it says that your user name or password is not correct, though they are: if so, choose another.';
};

/** A failure of somebody who was at Dexcom's sign-in and may have been at the wrong one. @param offered empty: nowhere any more, so why is no matter */
export const perhapsWrongRegion = (failure: LinkFailure, offered: readonly DexcomRegion[]): LinkFailure =>
  offered.length === 0 ? failure : { ...failure, error: `${failure.error} Was your password not accepted? ${wrongRegion(offered)}` };
