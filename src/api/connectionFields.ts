import type { ConnectionDoc } from '../storage/connectionDoc';
import { instant } from './instant';

/** When Dexcom is asked next; null while nothing is asked. */
export const nextPollOf = ({ desired, nextPollAt }: ConnectionDoc): string | null => (desired === 'running' ? instant(nextPollAt) : null);

/** What went wrong last and is being tried again, as people may read it. */
export const lastErrorOf = ({ lastError }: ConnectionDoc): { type: string; message: string; at: string } | null =>
  lastError && { ...lastError, at: instant(lastError.at) };
