/**
 * Where an account lives: Dexcom keeps regions apart, with a server, accounts and registrations of their own (dexcom-api.md §1.1).
 * `sandbox` has people without passwords; `simulator` is whatever address the operator gives.
 */
export const dexcomRegions = ['us', 'eu', 'jp', 'sandbox', 'simulator'] as const;

export type DexcomRegion = (typeof dexcomRegions)[number];

/** Without a slash at the end. */
export const DEXCOM_URLS: Readonly<Record<Exclude<DexcomRegion, 'simulator'>, string>> = {
  us: 'https://api.dexcom.com',
  eu: 'https://api.dexcom.eu',
  jp: 'https://api.dexcom.jp',
  sandbox: 'https://sandbox-api.dexcom.com',
};

/** Not an address of the operator's. */
export const isDexcomsOwn = (baseUrl: string): boolean => Object.values(DEXCOM_URLS).includes(baseUrl);

export const isDexcomRegion = (text: string): text is DexcomRegion => dexcomRegions.some((region) => region === text);
