import type { Figure } from '../figure';
export const workflowMemory: Figure = { name: 'workflowMemory', measure: async () => ({ measurements: [], notes: [] }) };
