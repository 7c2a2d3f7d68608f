import type { DexcomApps } from '../dexcom/apps';
import type { Keyring } from '../security/keyring';
import type { ConnectionPulls } from '../storage/connectionPulls';
import type { Connections } from '../storage/connections';
import type { Devices } from '../storage/devices';
import type { GlucoseDays } from '../storage/glucoseDays';
import type { Grants } from '../storage/grants';
import type { Quarantine } from '../storage/quarantine';
import type { Records } from '../storage/records';
import type { Outbox } from '../webhooks/recordMessage';

/** What the pull and the refresh protocol work with; built once per worker. */
export interface SyncDeps extends Outbox {
  readonly connections: Connections;
  readonly pulls: ConnectionPulls;
  readonly grants: Grants;
  readonly glucoseDays: GlucoseDays;
  readonly devices: Devices;
  readonly quarantine: Quarantine;
  readonly records: Records;
  readonly keyring: Keyring;
  readonly dexcom: DexcomApps;
}
