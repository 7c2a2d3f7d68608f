/** Dexcom as Vital's consumers know it (vital-api.md §6.3). */
export const dexcomProvider = { name: 'Dexcom', slug: 'dexcom_v3', logo: 'https://www.dexcom.com/favicon.ico' } as const;

/** Any integer, the same for ever: Vital's number for Dexcom is not published. */
export const DEXCOM_SOURCE_ID = 27;
