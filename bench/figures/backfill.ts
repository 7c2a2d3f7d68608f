import type { Figure } from '../figure';
export const backfill: Figure = { name: 'backfill', measure: async () => ({ measurements: [], notes: [] }) };
