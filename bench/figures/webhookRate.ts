import type { Figure } from '../figure';
export const webhookRate: Figure = { name: 'webhookRate', measure: async () => ({ measurements: [], notes: [] }) };
