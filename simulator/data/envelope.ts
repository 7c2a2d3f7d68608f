import type { View } from './egvsBody';
import { userIdOf } from './recordId';

export type RecordType = 'egv' | 'event' | 'calibration' | 'alert' | 'device';

/** The frame around every list of records (dexcom-api.md §2.2). Some official samples print the plural. */
export const envelope = (recordType: RecordType, { settings, clientId, origin }: Pick<View, 'settings' | 'clientId' | 'origin'>) => ({
  recordType: settings.recordType === 'plural' ? `${recordType}s` : recordType,
  recordVersion: '3.0',
  userId: userIdOf(clientId, origin.person.id, settings.region),
});
