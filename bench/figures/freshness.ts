import type { Figure } from '../figure';
export const freshness: Figure = { name: 'freshness', measure: async () => ({ measurements: [], notes: [] }) };
